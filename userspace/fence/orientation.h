/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * On which side of a line a point lies, exactly.
 */
#ifndef WEIR_ORIENTATION_H
#define WEIR_ORIENTATION_H

/*
 * 1 where p lies left of the line from a to b, -1 where it lies right of it, 0 where it lies on it.
 * Exact for finite coordinates whose products neither overflow nor underflow; degrees never do.
 */
int weir_orientation(const double a[2], const double b[2], double px, double py);

#endif
