/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open epochs, in a hash table of fixed size and in a list by the time at which they were opened. A source
 * has at most one. When the table is full, the oldest one is closed before its time.
 */
#include "gps_epochs.h"

#include <string.h>

#include "calendar.h"
#include "gps_epoch_table.h"

/* An epoch that was opened so long after now was opened before the clock was set back. Sockets of which some
 * are behind others are not so far apart. */
#define CLOCK_STEP_NS (60 * NS_PER_SECOND)

/* From the open ones; whoever goes through these goes on behind it. */
static void remove_epoch(struct epochs *table, struct epoch *epoch)
{
	if (table->cursor == (uint32_t)(epoch - table->slots))
		table->cursor = epoch->newer;
	weir_epoch_leave_bucket(table, epoch);
	weir_epoch_unlink(table, &table->open, epoch);
}

/* Time */

int64_t weir_gps_time(const struct gps_sentence *sentence, int64_t near_ns)
{
	const int64_t day_ns = SECONDS_PER_DAY * NS_PER_SECOND;
	const struct gps_date *date = &sentence->date;
	int64_t days = near_ns / day_ns - (near_ns % day_ns < 0);

	if (date->month != 0) {
		int year = date->year;

		/* The century that puts the year nearest: within 50 years of near_ns, since there has been
		 * GPS. */
		if (year < 100) {
			int near_year = 1970 + (int)(days / 366);

			year += near_year - near_year % 100;
			year += year > near_year + 50 ? -100 : year < near_year - 50 ? 100 : 0;
			year += year < 1980 ? 100 : 0;
		}
		if (is_date(year, date->month, date->day))
			return days_of_date(year, date->month, date->day) * day_ns + sentence->time_of_day_ns;
	}
	int64_t time_ns = days * day_ns + sentence->time_of_day_ns;

	if (time_ns - near_ns > day_ns / 2)
		return time_ns - day_ns;
	return near_ns - time_ns > day_ns / 2 ? time_ns + day_ns : time_ns;
}

/* Closing */

static void close_epoch(struct epochs *table, struct epoch *epoch)
{
	struct gps_fix fix = {
	        .datagram = &epoch->last,
	        .stamp = epoch->stamp,
	        .talker = {epoch->talker[0], epoch->talker[1]},
	        .sentences = epoch->count,
	};

	if (epoch->has_position && !epoch->is_void)
		fix.fix = &epoch->whole.fix;
	if (epoch->whole.has_time) {
		int64_t near_ns = epoch->stamp.time_source != WEIR_TIME_RECEIVED ? epoch->stamp.time_ns
		                                                                 : epoch->opened_ns;

		fix.stamp.time_ns = weir_gps_time(&epoch->whole, near_ns);
		fix.stamp.time_source = WEIR_TIME_FIX;
	} else if (fix.stamp.time_source == WEIR_TIME_RECEIVED) {
		fix.stamp.time_ns = epoch->opened_ns;
	}
	remove_epoch(table, epoch);
	table->listener.fix(table->listener.context, &fix);
	weir_epoch_append(table, &table->free, epoch);
}

/* Adding */

/* The key of the epoch that is to be begun, once there is room for it; 0: none is. */
static uint64_t may_begin(struct epochs *table, const struct gps_heard *heard)
{
	const struct gps_listener *listener = &table->listener;
	uint64_t key = listener->begin(listener->context, heard);

	if (key == 0 || table->free.oldest != NO_EPOCH)
		return key;
	/* The fix that gives way may be of the same device, and the last one for which it was followed. */
	close_epoch(table, &table->slots[table->open.oldest]);
	return listener->begin(listener->context, heard);
}

/* NULL: the sentence begins none. */
static struct epoch *open_epoch(struct epochs *table, const struct epoch_source *source, uint32_t hash,
                                const struct gps_heard *heard)
{
	uint64_t key = may_begin(table, heard);

	if (key == 0)
		return NULL;
	uint32_t index = table->free.oldest;
	struct epoch *epoch = &table->slots[index];

	weir_epoch_unlink(table, &table->free, epoch);
	memset(epoch, 0, sizeof(*epoch));
	epoch->source = *source;
	epoch->key = key;
	epoch->hash = hash;
	weir_epoch_enter_bucket(table, epoch);
	weir_epoch_append(table, &table->open, epoch);
	epoch->stamp = *heard->stamp;
	epoch->opened_ns = heard->received_ns;
	epoch->whole.has_time = heard->sentence->has_time;
	epoch->whole.time_of_day_ns = heard->sentence->time_of_day_ns;
	epoch->last.bytes = epoch->text;
	epoch->last.sender = *heard->sender;
	return epoch;
}

/* Takes over what the epoch does not know yet; of positions the last one. */
static void join(struct epoch *epoch, const struct gps_heard *heard)
{
	const struct gps_sentence *sentence = heard->sentence;
	const struct weir_fix *from = &sentence->fix;
	struct weir_fix *to = &epoch->whole.fix;
	uint32_t news = from->has & ~to->has;

	if (sentence->has_position) {
		to->longitude_deg = from->longitude_deg;
		to->latitude_deg = from->latitude_deg;
		epoch->has_position = true;
		memcpy(epoch->talker, heard->talker, sizeof(epoch->talker));
		memcpy(epoch->text, heard->text, heard->length);
		epoch->last.length = heard->length;
	}
	if (news & WEIR_FIX_HAS_SOG)
		to->sog_kn = from->sog_kn;
	if (news & WEIR_FIX_HAS_COG)
		to->cog_deg = from->cog_deg;
	if (news & WEIR_FIX_HAS_HEADING)
		to->heading_deg = from->heading_deg;
	if (news & WEIR_FIX_HAS_ALTITUDE)
		to->altitude_m = from->altitude_m;
	if (news & WEIR_FIX_HAS_SATELLITES)
		to->satellites = from->satellites;
	if (news & WEIR_FIX_HAS_HDOP)
		to->hdop = from->hdop;
	if (to->mode == '\0')
		to->mode = from->mode;
	if (epoch->whole.date.month == 0)
		epoch->whole.date = sentence->date;
	to->has |= from->has;
	to->sentences |= sentence->kind;
	epoch->is_void |= sentence->is_void;
	epoch->count = (uint8_t)(epoch->count + (epoch->count < UINT8_MAX));
	epoch->last.received_ns = heard->received_ns;
	stamp_complete(&epoch->stamp, heard->stamp);
}

/* A sentence without a time belongs to the fix that it follows closely. */
static bool is_close(const struct epochs *table, const struct epoch *epoch, int64_t received_ns)
{
	int64_t difference;

	return !__builtin_sub_overflow(received_ns, epoch->opened_ns, &difference) && difference >= 0 &&
	       difference <= table->timeout_ns / 2;
}

/* A sentence with a time or a position: is it of this epoch? */
static bool belongs(const struct epochs *table, const struct epoch *epoch, const struct gps_heard *heard)
{
	if (!epoch->whole.has_time)
		return false;
	if (!heard->sentence->has_time)
		return is_close(table, epoch, heard->received_ns);
	return heard->sentence->time_of_day_ns == epoch->whole.time_of_day_ns;
}

bool weir_epochs_add(struct epochs *table, const struct gps_heard *heard)
{
	const struct gps_sentence *sentence = heard->sentence;
	struct epoch_source source = {.sender = {.port = heard->sender->port}};

	memcpy(source.sender.ip, heard->sender->ip, sizeof(source.sender.ip));
	memcpy(source.station, heard->stamp->station, sizeof(source.station));
	uint32_t hash = weir_epoch_hash(&source);
	struct epoch *epoch = weir_epoch_find(table, &source, hash);

	if (sentence->has_time || sentence->has_position) {
		if (epoch != NULL && !belongs(table, epoch, heard)) {
			close_epoch(table, epoch);
			epoch = NULL;
		}
		if (epoch == NULL && (epoch = open_epoch(table, &source, hash, heard)) == NULL)
			return false;
	} else if (epoch == NULL || !is_close(table, epoch, heard->received_ns)) {
		return false;
	}
	join(epoch, heard);
	return true;
}

/* The table */

static bool is_over(const struct epochs *table, const struct epoch *epoch, int64_t time_ns)
{
	int64_t difference;

	if (__builtin_sub_overflow(time_ns, epoch->opened_ns, &difference))
		return true;
	return difference >= table->timeout_ns || difference < -CLOCK_STEP_NS;
}

/* The next open epoch of those that are gone through; NULL: that was all. */
static struct epoch *next_open(struct epochs *table)
{
	uint32_t index = table->cursor;

	if (index == NO_EPOCH)
		return NULL;
	table->cursor = table->slots[index].newer;
	return &table->slots[index];
}

void weir_epochs_advance(struct epochs *table, int64_t time_ns)
{
	struct epoch *epoch;

	table->cursor = table->open.oldest;
	while ((epoch = next_open(table)) != NULL)
		if (is_over(table, epoch, time_ns))
			close_epoch(table, epoch);
}

void weir_epochs_flush(struct epochs *table)
{
	while (table->open.oldest != NO_EPOCH)
		close_epoch(table, &table->slots[table->open.oldest]);
}

void weir_epochs_forget(struct epochs *table, uint64_t key)
{
	for (uint32_t i = table->open.oldest, next; i != NO_EPOCH; i = next) {
		struct epoch *epoch = &table->slots[i];

		next = epoch->newer;
		if (epoch->key != key)
			continue;
		remove_epoch(table, epoch);
		weir_epoch_append(table, &table->free, epoch);
	}
}
