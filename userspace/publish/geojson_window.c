/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A window's result as properties of a Feature. See geojson.h.
 */
#include "geojson_window.h"

#include <weir/report.h>

#define SECONDS_DECIMALS 3
#define SOG_DECIMALS 3

#define key(text, name) weir_text_literal((text), ",\"" name "\":")

static void put_time(struct weir_text *text, int64_t time_ns)
{
	weir_text_char(text, '"');
	weir_text_time(text, time_ns);
	weir_text_char(text, '"');
}

/* Without a fix that has a speed there is none to speak of. */
static void put_counts(struct weir_text *text, const struct weir_window_counts *counts)
{
	weir_text_literal(text, "\"devices\":");
	weir_text_unsigned(text, counts->devices);
	key(text, "fixes");
	weir_text_unsigned(text, counts->fixes);
	key(text, "enters");
	weir_text_unsigned(text, counts->enters);
	key(text, "exits");
	weir_text_unsigned(text, counts->exits);
	if (counts->sog_fixes == 0)
		return;
	key(text, "mean_sog_kn");
	weir_text_fixed(text, counts->mean_sog_kn, SOG_DECIMALS);
	key(text, "max_sog_kn");
	weir_text_fixed(text, counts->max_sog_kn, SOG_DECIMALS);
}

/* Those of which there was something. */
static void put_classes(struct weir_text *text, const struct weir_window_result *window)
{
	char separator = '{';

	key(text, "classes");
	for (int i = 0; i < WEIR_CLASSES; i++) {
		const struct weir_window_counts *counts = &window->classes[i];

		if (counts->fixes == 0 && counts->enters == 0 && counts->exits == 0)
			continue;
		weir_text_char(text, separator);
		separator = ',';
		weir_text_string(text, weir_class_name((enum weir_class)i));
		weir_text_literal(text, ":{");
		put_counts(text, counts);
		weir_text_char(text, '}');
	}
	if (separator == '{')
		weir_text_char(text, '{');
	weir_text_char(text, '}');
}

void weir_geojson_window(struct weir_text *text, const struct weir_window_result *window)
{
	key(text, "fence");
	weir_text_string(text, window->fence);
	if (window->fence_name != NULL) {
		key(text, "fence_name");
		weir_text_string(text, window->fence_name);
	}
	key(text, "window_id");
	weir_text_string(text, window->id);
	key(text, "start");
	put_time(text, window->start_ns);
	key(text, "end");
	put_time(text, window->end_ns);
	key(text, "window_s");
	weir_text_fixed(text, (double)(window->end_ns - window->start_ns) / 1e9, SECONDS_DECIMALS);
	key(text, "slide_s");
	weir_text_fixed(text, (double)window->slide_ns / 1e9, SECONDS_DECIMALS);
	weir_text_char(text, ',');
	put_counts(text, &window->all);
	put_classes(text, window);
	if (window->partial)
		weir_text_literal(text, ",\"partial\":true");
	if (window->overflowed)
		weir_text_literal(text, ",\"overflowed\":true");
}
