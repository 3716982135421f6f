/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metres around a point: a plane in which the point is the origin, east is x, north is y, and each place
 * lies as far from the origin as it does on the WGS 84 ellipsoid. Distances between two other places are
 * distorted, the more the farther away both are.
 *
 * By Delambre's analogies for the middle of the arc, with the ellipsoid's two radii of curvature at the
 * middle latitude (Gauss's mid-latitude method). Against PROJ's geodesic, measured from latitudes of up to 80
 * degrees into all directions: 20 nautical miles within 3e-8, 200 km within 1e-6, 1,000 km within 3e-5.
 */
#ifndef WEIR_METRIC_H
#define WEIR_METRIC_H

struct weir_metric {
	double longitude_deg, latitude_deg;
	double sine, cosine; /* of the latitude */
};

struct weir_metric weir_metric_at(double longitude_deg, double latitude_deg);

/* Where a place lies, in metres. Longitudes go the shorter way round. */
void weir_metric_place(const struct weir_metric *metric, double longitude_deg, double latitude_deg,
                       double place_m[2]);

/*
 * How far from the origin an edge passes that is straight in longitude and latitude, as edges of fences are
 * (RFC 7946 3.1.1). Its longitudes must be less than 180 degrees from the origin's, or be meant so.
 */
double weir_metric_edge_m(const struct weir_metric *metric, const double a[2], const double b[2]);

#endif
