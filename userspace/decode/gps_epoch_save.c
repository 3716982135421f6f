/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving and loading open epochs, in the order in which they were opened.
 */
#include <errno.h>

#include "decoder_save.h"
#include "gps_epoch_table.h"

/* What nine digits can say: see gps_fields.c. */
#define FAR 1000000000
#define TIME_OF_DAY_LIMIT 172800000000000 /* two days, ns */

/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a member goes without */
#define SENTENCE(F, T, at)                                                                                   \
	F(T, at.kind, ANY, 0)                                                                                \
	F(T, at.has_time, BOOL, 0)                                                                           \
	F(T, at.has_position, BOOL, 0)                                                                       \
	F(T, at.is_void, BOOL, 0)                                                                            \
	F(T, at.time_of_day_ns, WITHIN, TIME_OF_DAY_LIMIT)                                                   \
	F(T, at.date.year, BELOW, 10000)                                                                     \
	F(T, at.date.month, ANY, 0)                                                                          \
	F(T, at.date.day, ANY, 0)                                                                            \
	F(T, at.fix.has, ANY, 0)                                                                             \
	F(T, at.fix.sentences, ANY, 0)                                                                       \
	F(T, at.fix.longitude_deg, REAL, 180)                                                                \
	F(T, at.fix.latitude_deg, REAL, 90)                                                                  \
	F(T, at.fix.sog_kn, REAL, FAR)                                                                       \
	F(T, at.fix.cog_deg, REAL, 360)                                                                      \
	F(T, at.fix.heading_deg, REAL, 360)                                                                  \
	F(T, at.fix.altitude_m, REAL, FAR)                                                                   \
	F(T, at.fix.hdop, REAL, FAR)                                                                         \
	F(T, at.fix.satellites, ANY, 0)                                                                      \
	F(T, at.fix.mode, ANY, 0)
/* NOLINTEND(bugprone-macro-parentheses) */
#define EPOCH(F, T)                                                                                          \
	F(T, source.sender.ip, ANY, 0)                                                                       \
	F(T, source.sender.port, ANY, 0)                                                                     \
	F(T, source.station, TEXT, 0)                                                                        \
	F(T, key, ANY, 0)                                                                                    \
	F(T, hash, REBUILT, 0)                                                                               \
	F(T, chain, REBUILT, 0)                                                                              \
	F(T, older, REBUILT, 0)                                                                              \
	F(T, newer, REBUILT, 0)                                                                              \
	F(T, has_position, BOOL, 0)                                                                          \
	F(T, is_void, BOOL, 0)                                                                               \
	F(T, talker, ANY, 0)                                                                                 \
	F(T, count, ANY, 0)                                                                                  \
	SENTENCE(F, T, whole)                                                                                \
	F(T, stamp.time_ns, TIME, 0)                                                                         \
	F(T, stamp.time_source, BELOW, WEIR_TIME_SOURCES)                                                    \
	F(T, stamp.station_source, BELOW, WEIR_TIME_SOURCES)                                                 \
	F(T, stamp.station, TEXT, 0)                                                                         \
	F(T, opened_ns, TIME, 0)                                                                             \
	F(T, last.bytes, REBUILT, 0)                                                                         \
	F(T, last.length, BELOW, SENTENCE_MAX + 1)                                                           \
	F(T, last.received_ns, ANY, 0)                                                                       \
	F(T, last.sender.ip, ANY, 0)                                                                         \
	F(T, last.sender.port, ANY, 0)                                                                       \
	F(T, text, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_epochs, "GPS epochs", struct epoch, EPOCH, 42);

void weir_epochs_save(const struct epochs *table, struct weir_saver *saver)
{
	uint32_t i = table == NULL ? NO_EPOCH : table->open.oldest;

	weir_save_section(saver, &weir_saved_epochs);
	for (; i != NO_EPOCH; i = table->slots[i].newer) {
		const struct epoch *epoch = &table->slots[i];

		/* One sender's clock that is centuries ahead must not make the state of all others useless.
		 */
		if (weir_saved_is_time(epoch->stamp.time_ns) && weir_saved_is_time(epoch->opened_ns))
			weir_save(saver, epoch);
	}
}

static void put(struct epochs *table, const struct epoch *saved)
{
	struct epoch *epoch = &table->slots[table->free.oldest];

	weir_epoch_unlink(table, &table->free, epoch);
	*epoch = *saved;
	epoch->hash = weir_epoch_hash(&epoch->source);
	epoch->last.bytes = epoch->text;
	weir_epoch_enter_bucket(table, epoch);
	weir_epoch_append(table, &table->open, epoch);
}

int weir_epochs_load(struct epochs *table, struct weir_loader *loader)
{
	uint64_t count;
	int error = weir_load_section(loader, &weir_saved_epochs, &count);

	for (uint64_t i = 0; error == 0 && i < count; i++) {
		struct epoch saved;

		if ((error = weir_load(loader, &saved)) != 0 || table == NULL)
			continue;
		if (table->free.oldest == NO_EPOCH)
			return weir_load_refuse(loader, -ENOSPC, "there is no room for its GPS epochs");
		put(table, &saved);
	}
	return error;
}
