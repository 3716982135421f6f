/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Positions from JSON. See positions.h.
 *
 * A line that crosses the antimeridian, by an edge of more than 180 degrees, is unwrapped: its longitudes
 * go on beyond 180. (RFC 7946 3.1.9 would have it split in two, which works as well.) An edge of
 * exactly 360 degrees runs along a whole parallel, as the border of a map of the world does.
 */
#include <math.h>
#include <stdlib.h>

#include "fence/crs.h"
#include "fence/growing.h"
#include "fence/metric.h"
#include "fence/positions.h"

/* How far an edge may stray from where it was drawn, and how often it is halved for that. */
#define STRAY_MAX_M 0.05
#define HALVINGS_MAX 12

static bool read_wgs84(struct weir_positions *p, size_t number, double vertex[2])
{
	if (!(vertex[0] >= -180 && vertex[0] <= 180)) {
		weir_loader_complain(p->loader, "longitude %.7g in position %zu of %s is beyond 180 degrees",
		                     vertex[0], number, p->where);
		return false;
	}
	if (!(vertex[1] >= -90 && vertex[1] <= 90)) {
		weir_loader_complain(p->loader,
		                     "latitude %.7g in position %zu of %s is beyond 90 degrees "
		                     "(GeoJSON has the longitude first)",
		                     vertex[1], number, p->where);
		return false;
	}
	return true;
}

static bool transform(struct weir_positions *p, size_t number, const double xy[2], double vertex[2])
{
	if (!weir_crs_to_wgs84(p->crs, xy, vertex)) {
		weir_loader_complain(p->loader, "[%.10g, %.10g] in position %zu of %s can't be a place in %s",
		                     xy[0], xy[1], number, p->where, weir_crs_label(p->crs));
		return false;
	}
	if (!weir_crs_is_for(p->crs, vertex)) {
		weir_loader_complain(
		        p->loader,
		        "[%.10g, %.10g] in position %zu of %s is [%.6f, %.6f] in WGS 84, outside "
		        "of the area of use of %s",
		        xy[0], xy[1], number, p->where, vertex[0], vertex[1], weir_crs_label(p->crs));
		return false;
	}
	return true;
}

/* As in the file, and in WGS 84. */
static bool read_position(struct weir_positions *p, const json_t *position, size_t number, double raw[2],
                          double vertex[2])
{
	const json_t *x = json_array_get(position, 0), *y = json_array_get(position, 1);

	if (!json_is_number(x) || !json_is_number(y)) {
		weir_loader_complain(p->loader, "position %zu of %s must be [longitude, latitude]", number,
		                     p->where);
		return false;
	}
	raw[0] = vertex[0] = json_number_value(x);
	raw[1] = vertex[1] = json_number_value(y);
	return p->crs == NULL ? read_wgs84(p, number, vertex) : transform(p, number, raw, vertex);
}

/* The longitude that continues a line on the shorter way round. */
static double unwrap(double longitude, double previous)
{
	while (longitude - previous > 180 && longitude - previous < 360)
		longitude -= 360;
	while (longitude - previous < -180 && longitude - previous > -360)
		longitude += 360;
	return longitude;
}

static bool append(struct weir_positions *p, const double vertex[2])
{
	void *moved = weir_growing(p->vertices, &p->capacity, p->count + 1, sizeof(*p->vertices));

	if (moved == NULL) {
		p->loader->out_of_memory = true;
		return false;
	}
	p->vertices = moved;
	if (p->count > 0) {
		double wanted = unwrap(vertex[0] + p->turned_deg, p->vertices[p->count - 1][0]);

		p->turned_deg = 360 * round((wanted - vertex[0]) / 360);
	}
	p->vertices[p->count][0] = vertex[0] + p->turned_deg;
	p->vertices[p->count++][1] = vertex[1];
	return true;
}

/* An edge that is straight in the file: both its ends, as there and in WGS 84. */
struct drawn {
	double raw[2][2], place[2][2];
};

/* Adds what the edge needs between its ends, which may be nothing. */
static bool bend(struct weir_positions *p, const struct drawn *edge, int halvings)
{
	double raw[2] = {(edge->raw[0][0] + edge->raw[1][0]) / 2, (edge->raw[0][1] + edge->raw[1][1]) / 2};
	double place[2];

	if (halvings == 0 || !weir_crs_to_wgs84(p->crs, raw, place))
		return true;
	double straight_x = (edge->place[0][0] + unwrap(edge->place[1][0], edge->place[0][0])) / 2;
	double straight_y = (edge->place[0][1] + edge->place[1][1]) / 2;
	if (weir_distance_m(straight_x, straight_y, place[0], place[1]) <= STRAY_MAX_M)
		return true;

	struct drawn first = *edge, second = *edge;
	for (int axis = 0; axis < 2; axis++) {
		first.raw[1][axis] = second.raw[0][axis] = raw[axis];
		first.place[1][axis] = second.place[0][axis] = place[axis];
	}
	return bend(p, &first, halvings - 1) && append(p, place) && bend(p, &second, halvings - 1);
}

bool weir_positions_read(struct weir_positions *p, const json_t *list)
{
	struct drawn edge;

	p->count = 0;
	p->turned_deg = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!read_position(p, json_array_get(list, i), i + 1, edge.raw[1], edge.place[1]))
			return false;
		bool bends = i > 0 && p->crs != NULL && !weir_crs_is_geographic(p->crs);
		if ((bends && !bend(p, &edge, HALVINGS_MAX)) || !append(p, edge.place[1]))
			return false;
		for (int axis = 0; axis < 2; axis++) {
			edge.raw[0][axis] = edge.raw[1][axis];
			edge.place[0][axis] = edge.place[1][axis];
		}
	}
	return true;
}

bool weir_positions_read_one(struct weir_positions *p, const json_t *position)
{
	double raw[2], vertex[2];

	p->count = 0;
	p->turned_deg = 0;
	return read_position(p, position, 1, raw, vertex) && append(p, vertex);
}

void weir_positions_extent(const struct weir_positions *p, double *west, double *east)
{
	*west = INFINITY;
	*east = -INFINITY;
	for (size_t i = 0; i < p->count; i++) {
		*west = fmin(*west, p->vertices[i][0]);
		*east = fmax(*east, p->vertices[i][0]);
	}
}

void weir_positions_turn(struct weir_positions *p, double degrees)
{
	for (size_t i = 0; i < p->count; i++)
		p->vertices[i][0] += degrees;
}

void weir_positions_clear(struct weir_positions *p)
{
	free(p->vertices);
	p->vertices = NULL;
	p->count = p->capacity = 0;
}
