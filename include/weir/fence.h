/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences: areas and gates on the map with rules, read from GeoJSON; and the area of interest.
 *
 * A set of fences and an area are immutable once built. Thread-safety: any number of threads may read
 * both.
 */
#ifndef WEIR_FENCE_H
#define WEIR_FENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/area.h>
#include <weir/event.h>
#include <weir/problem.h>

/* What a first fix of a device inside of a fence is worth. */
enum weir_initial {
	WEIR_INITIAL_ENTER,  /* it has entered, like any other */
	WEIR_INITIAL_INSIDE, /* it has entered, and the alert says that it was inside from the start */
	WEIR_INITIAL_SILENT  /* it is inside, and nobody is told */
};

/* Seen along the line, from its first position to its last. */
enum weir_gate_direction { WEIR_GATE_BOTH, WEIR_GATE_LEFT_TO_RIGHT, WEIR_GATE_RIGHT_TO_LEFT };

/*
 * Windows of time: [start, start + window_ns) by event time, where start is a multiple of slide_ns since
 * 1970. They overlap where slide_ns is less than window_ns (sliding), and are next to each other where it is
 * the same (tumbling). What comes later than lateness_ns behind the end of one is not part of it any more.
 */
struct weir_window_shape {
	int64_t window_ns;   /* 1 s or more, a multiple of slide_ns */
	int64_t slide_ns;    /* 1 s or more (window_ns) */
	int64_t lateness_ns; /* 0 or more (60 s) */
};

/* Slides that a window and its lateness may be long, together. */
#define WEIR_WINDOW_SLIDES_MAX 150

/* The slides that are looked after at once: those of all windows that are open. */
static inline uint32_t weir_window_panes(const struct weir_window_shape *shape)
{
	return (uint32_t)(shape->window_ns / shape->slide_ns +
	                  (shape->lateness_ns + shape->slide_ns - 1) / shape->slide_ns + 1);
}

/* The most of these that all fences of a set may ask for: 64 MB. */
#define WEIR_WINDOW_PANES_MAX 262144

/*
 * A rule with its parameters; the loader has filled in the defaults (in brackets). A limit that is absent
 * is NAN. A kind is at most once in a fence.
 */
struct weir_rule {
	enum weir_rule_kind kind;
	enum weir_severity severity;
	union {
		/* enter, exit; the fence's own values where the rule has none */
		struct {
			uint32_t confirm_fixes; /* 1 to 100 (2): so many in a row */
			double exit_buffer_m;   /* (0): only what is farther away counts as outside */
			enum weir_initial initial;
		};
		struct {
			int64_t max_gap_ns; /* (600 s): two fixes farther apart in time tell nothing */
		} cross;
		struct {
			int64_t dwell_ns; /* above 0, required */
		} dwell;
		struct {
			double max_sog_kn, min_sog_kn; /* at least one of them */
			int64_t sustain_ns;            /* (30 s) */
		} speed;
		struct {
			int64_t after_ns; /* (300 s) */
			double radius_m;  /* (100) */
		} anchor;
		struct {
			enum weir_gate_direction direction; /* (both) */
			int64_t max_gap_ns;                 /* (600 s) as of cross */
		} gate;
		struct {
			double course_deg;    /* 0 to below 360, required: where the traffic goes */
			double tolerance_deg; /* above 0 to below 180 (45) */
			double min_sog_kn;    /* (2) */
			uint32_t fixes;       /* (3) */
		} course;
		struct {
			int64_t gap_ns; /* above 0, required */
		} gap;
		struct {
			double cpa_m;      /* above 0, required */
			int64_t tcpa_ns;   /* above 0, required */
			double min_sog_kn; /* (1) */
		} proximity;
		struct {
			struct weir_window_shape window; /* window_ns is required */
			uint32_t max_devices;            /* required: raised by one more */
		} density;
	};
};

#define WEIR_FENCE_RULES_MAX 16
#define WEIR_FENCE_WINDOWS_MAX 4

/* Numbers first to last, both included. */
struct weir_mmsi_range {
	uint32_t first, last;
};

/* Which members of struct weir_fence_filter restrict. */
enum weir_filter_has {
	WEIR_FILTER_CLASSES = 1u << 0,
	WEIR_FILTER_SHIP_TYPES = 1u << 1,
	WEIR_FILTER_MMSIS = 1u << 2,
	WEIR_FILTER_LENGTH = 1u << 3,
	WEIR_FILTER_SOG = 1u << 4,
	WEIR_FILTER_NAV_STATUSES = 1u << 5,
};

/* For which devices a fence is there. All that restricts must hold. has == 0: for all of them. */
struct weir_fence_filter {
	uint32_t has;                        /* enum weir_filter_has */
	uint32_t classes;                    /* bits 1 << enum weir_class */
	uint32_t nav_statuses;               /* bits 1 << navigation status, 0 to 15 */
	uint64_t ship_types[4];              /* bit (type % 64) of word type / 64 */
	const struct weir_mmsi_range *mmsis; /* ascending, apart from each other */
	size_t mmsi_count;
	double min_length_m, max_length_m; /* -INFINITY, INFINITY where there is no limit */
	double min_sog_kn, max_sog_kn;
};

/*
 * Whether a device is one of those that the filter is for. `known` holds what is known of it: of this report
 * and joined from earlier ones, with the bits in its `has`. What a filter asks for and is not known of
 * the device does not match.
 */
bool weir_fence_filter_accepts(const struct weir_fence_filter *filter, const struct weir_report *known);

/* When a fence is there: weekly windows in the local time of a place, and a first and a last moment. */
struct weir_schedule;

/* time_ns: Unix time. NULL is always open. */
bool weir_schedule_is_open(const struct weir_schedule *schedule, int64_t time_ns);

/* The first moment after time_ns at which it opens or closes; INT64_MAX: it never does any more. */
int64_t weir_schedule_next_change(const struct weir_schedule *schedule, int64_t time_ns);

enum weir_fence_kind {
	WEIR_FENCE_AREA, /* Polygon, MultiPolygon, circle, corridor */
	WEIR_FENCE_GATE  /* a line with two sides, in which nothing lies */
};

struct weir_fence {
	const char *id;   /* [A-Za-z0-9_-]{1,64}: it is a subject token */
	const char *name; /* NULL where the file has none */
	enum weir_fence_kind kind;
	double margin_m;        /* how far the area of interest reaches beyond the fence, at least */
	uint32_t confirm_fixes; /* what holds for entering or leaving where no rule says otherwise */
	double exit_buffer_m;   /* the same */
	int64_t max_gap_ns;     /* what holds for passing between two fixes where no rule says otherwise */
	struct weir_fence_filter filter;
	const struct weir_schedule *schedule; /* NULL: always */
	struct weir_rule rules[WEIR_FENCE_RULES_MAX];
	size_t rule_count;
	struct weir_window_shape windows[WEIR_FENCE_WINDOWS_MAX]; /* each window_ns with a slide_ns once */
	size_t window_count;
};

/* What detection asks of a fence most often: those of a set lie one after the other. */
struct weir_fence_digest {
	const struct weir_fence *fence;
	const char *id;
	int64_t dwell_ns, gap_ns;        /* of these rules; 0 where it has none */
	uint32_t kinds;                  /* of its rules, bits 1 << enum weir_rule_kind */
	float exit_buffer_m;             /* for leaving */
	uint8_t enter_fixes, exit_fixes; /* for entering, for leaving */
	bool has_filter, has_schedule;
	bool has_windows; /* or the rule density, which has one of its own */
};

struct weir_fences;

#define WEIR_FENCES_MAX 65535 /* in a set; detection counts them in 16 bits */

/* A fence that comes as text, not as a file: a Feature. */
struct weir_fence_text {
	const char *name; /* for problems */
	const char *id;   /* the fence's; where its properties name one, it is the same */
	const char *text;
	size_t length;
};

struct weir_fence_options {
	const char *const *files;
	size_t file_count;
	const struct weir_fence_text *texts; /* beside the files */
	size_t text_count;
	double margin_m; /* default of the area's margin around each fence, metres */
};

/*
 * Reads the files and texts. Every fault in them is added to problems with its place; with any fault it
 * returns -EINVAL (-ENOENT, -EACCES where a file can't be read) and *out is untouched. The fences of a set
 * are in the order of their ids.
 */
int weir_fences_load(struct weir_fences **out, const struct weir_fence_options *options,
                     struct weir_problems *problems);

size_t weir_fences_count(const struct weir_fences *fences);

/* As many as there are fences, in their order. */
const struct weir_fence_digest *weir_fences_digests(const struct weir_fences *fences);
const struct weir_fence *weir_fences_get(const struct weir_fences *fences, size_t index);

/*
 * The indices of the fences that cover the point (the boundary belongs to the fence), ascending.
 * Returns how many there are, which may be more than capacity; only capacity are written.
 */
size_t weir_fences_locate(const struct weir_fences *fences, double longitude_deg, double latitude_deg,
                          uint32_t *indices, size_t capacity);

/* Asks memory for what weir_fences_locate() will need: first the cell, a while later what that leads to. */
void weir_fences_fetch_cell(const struct weir_fences *fences, double longitude_deg, double latitude_deg);
void weir_fences_fetch_block(const struct weir_fences *fences, double longitude_deg, double latitude_deg);

/* Metres from the point to the fence, gates too: 0 where it covers the point. As exact as weir_distance_m().
 */
double weir_fences_distance_m(const struct weir_fences *fences, size_t index, double longitude_deg,
                              double latitude_deg);

/* A fence that was met on the way from one fix to the next. */
struct weir_fence_pass {
	uint32_t fence;
	enum weir_gate_direction direction; /* of a gate, one of the two; WEIR_GATE_BOTH for an area */
	double fraction;                    /* of the way, 0 to 1: where it was met first */
};

/*
 * What a device met that went straight (in longitude and latitude, on the shorter way round) from one place
 * to another: areas that the way touches and neither end lies in, and gates that it crosses. A gate is
 * crossed where the ends lie on different sides of it; a fix on the line itself counts as on its left
 * side. Ascending by fraction, then by fence. Returns how many there are, which may be more than
 * capacity; only the first capacity ones are written. `covering` are areas that an end is known to lie in, as
 * weir_fences_locate() found: they are not asked again.
 */
size_t weir_fences_pass(const struct weir_fences *fences, double from_longitude_deg, double from_latitude_deg,
                        double to_longitude_deg, double to_latitude_deg, const uint32_t *covering,
                        size_t covering_count, struct weir_fence_pass *hits, size_t capacity);

/*
 * Metres between two places on the WGS 84 ellipsoid, in a local frame: within 0.1 % of the geodesic for up
 * to 20 nautical miles at latitudes up to 80 degrees.
 */
double weir_distance_m(double longitude1_deg, double latitude1_deg, double longitude2_deg,
                       double latitude2_deg);

void weir_fences_free(struct weir_fences *fences);

/* Degrees, WGS 84; west > east crosses the antimeridian; borders belong to the box. */
struct weir_box {
	double west, south, east, north;
};

struct weir_area;

/*
 * The exact area of interest: the boxes and every fence grown by its margin. With neither boxes
 * nor fences it is the whole earth. fences may be NULL, and need not outlive the area.
 */
int weir_area_new(struct weir_area **out, const struct weir_box *boxes, size_t box_count,
                  const struct weir_fences *fences);

bool weir_area_covers(const struct weir_area *area, double longitude_deg, double latitude_deg);

/*
 * The same area for the kernel, rounded outwards: whatever weir_area_covers() accepts, it accepts.
 * Returns 0, or -ENOMEM, after which the content of tiles is undefined.
 */
int weir_area_tiles(const struct weir_area *area, struct weir_area_tiles *tiles);

/*
 * What either has, for the kernel: out may be neither of them. Where that needs too many tiles, cells
 * become full.
 */
void weir_area_tiles_join(const struct weir_area_tiles *one, const struct weir_area_tiles *other,
                          struct weir_area_tiles *out);

void weir_area_free(struct weir_area *area);

#endif
