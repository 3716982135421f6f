/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts of gpsd's JSON for application specific messages: part of its format, so kept to the letter. The
 * quotes inside of some are escaped here, as JSON wants them.
 */
#include "decode/gpsd_asm.h"

/* clang-format off */
const struct gpsd_legend gpsd_signals[32] = {
	GPSD_LEGEND("N/A"),
	GPSD_LEGEND("Serious emergency - stop or divert according to instructions."),
	GPSD_LEGEND("Vessels shall not proceed."),
	GPSD_LEGEND("Vessels may proceed. One way traffic."),
	GPSD_LEGEND("Vessels may proceed. Two way traffic."),
	GPSD_LEGEND("Vessels shall proceed on specific orders only."),
	GPSD_LEGEND("Vessels in main channel shall not proceed."),
	GPSD_LEGEND("Vessels in main channel shall proceed on specific orders only."),
	GPSD_LEGEND("Vessels in main channel shall proceed on specific orders only."),
	GPSD_LEGEND("I = \\\"in-bound\\\" only acceptable."),
	GPSD_LEGEND("O = \\\"out-bound\\\" only acceptable."),
	GPSD_LEGEND("F = both \\\"in- and out-bound\\\" acceptable."),
	GPSD_LEGEND("XI = Code will shift to \\\"I\\\" in due time."),
	GPSD_LEGEND("XO = Code will shift to \\\"O\\\" in due time."),
	GPSD_LEGEND("X = Vessels shall proceed only on direction."),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
	GPSD_LEGEND("INVALID SIGNAL TYPE"),
};

const struct gpsd_legend gpsd_routes[32] = {
	GPSD_LEGEND("Undefined (default)"),
	GPSD_LEGEND("Mandatory"),
	GPSD_LEGEND("Recommended"),
	GPSD_LEGEND("Alternative"),
	GPSD_LEGEND("Recommended route through ice"),
	GPSD_LEGEND("Ship route plan"),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Reserved for future use."),
	GPSD_LEGEND("Cancel route identified by message linkage"),
};

const struct gpsd_legend gpsd_id_types[4] = {
	GPSD_LEGEND("mmsi"),
	GPSD_LEGEND("imo"),
	GPSD_LEGEND("callsign"),
	GPSD_LEGEND("other"),
};

const struct gpsd_legend gpsd_racon[4] = {
	GPSD_LEGEND("No RACON installed"),
	GPSD_LEGEND("RACON not monitored"),
	GPSD_LEGEND("RACON operational"),
	GPSD_LEGEND("RACON ERROR"),
};

const struct gpsd_legend gpsd_light[4] = {
	GPSD_LEGEND("No light or no monitoring"),
	GPSD_LEGEND("Light ON"),
	GPSD_LEGEND("Light OFF"),
	GPSD_LEGEND("Light ERROR"),
};

const struct gpsd_legend gpsd_lock_status[4] = {
	GPSD_LEGEND("Operational"),
	GPSD_LEGEND("Limited operation"),
	GPSD_LEGEND("Out of order"),
	GPSD_LEGEND("N/A"),
};

const struct gpsd_legend gpsd_berth_positions[8] = {
	GPSD_LEGEND("Not available"),
	GPSD_LEGEND("Port-side to"),
	GPSD_LEGEND("Starboard-side to"),
	GPSD_LEGEND("Mediterranean (end-on) mooring"),
	GPSD_LEGEND("Mooring buoy"),
	GPSD_LEGEND("Anchorage"),
	GPSD_LEGEND("Reserved for future use"),
	GPSD_LEGEND("Reserved for future use"),
};

const struct gpsd_legend gpsd_trends[4] = {
	GPSD_LEGEND("steady"),
	GPSD_LEGEND("increasing"),
	GPSD_LEGEND("decreasing"),
	GPSD_LEGEND("N/A"),
};

const struct gpsd_legend gpsd_precipitation[8] = {
	GPSD_LEGEND("reserved"),
	GPSD_LEGEND("rain"),
	GPSD_LEGEND("thunderstorm"),
	GPSD_LEGEND("freezing rain"),
	GPSD_LEGEND("mixed/ice"),
	GPSD_LEGEND("snow"),
	GPSD_LEGEND("reserved"),
	GPSD_LEGEND("N/A"),
};

const struct gpsd_legend gpsd_ice[4] = {
	GPSD_LEGEND("no"),
	GPSD_LEGEND("yes"),
	GPSD_LEGEND("reserved"),
	GPSD_LEGEND("N/A"),
};

const struct gpsd_legend gpsd_hazards[8] = {
	GPSD_LEGEND("0 blue cones/lights"),
	GPSD_LEGEND("1 blue cone/light"),
	GPSD_LEGEND("2 blue cones/lights"),
	GPSD_LEGEND("3 blue cones/lights"),
	GPSD_LEGEND("4 B-Flag"),
	GPSD_LEGEND("Unknown"),
	GPSD_LEGEND("INVALID HAZARD TYPE"),
	GPSD_LEGEND("INVALID HAZARD TYPE"),
};

const struct gpsd_legend gpsd_loads[4] = {
	GPSD_LEGEND("N/A (default)"),
	GPSD_LEGEND("Unloaded"),
	GPSD_LEGEND("Loaded"),
	GPSD_LEGEND("INVALID LOAD STATUS"),
};

const struct gpsd_legend gpsd_warnings[16] = {
	GPSD_LEGEND("Not Available"),
	GPSD_LEGEND("Wind"),
	GPSD_LEGEND("Rain"),
	GPSD_LEGEND("Snow and ice"),
	GPSD_LEGEND("Thunderstorm"),
	GPSD_LEGEND("Fog"),
	GPSD_LEGEND("Low temperature"),
	GPSD_LEGEND("High temperature"),
	GPSD_LEGEND("Flood"),
	GPSD_LEGEND("Forest Fire"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
};

const struct gpsd_legend gpsd_intensities[4] = {
	GPSD_LEGEND("Slight"),
	GPSD_LEGEND("Medium"),
	GPSD_LEGEND("Strong"),
	GPSD_LEGEND("INVALID EMMA TYPE"),
};

const struct gpsd_legend gpsd_winds[16] = {
	GPSD_LEGEND("N/A"),
	GPSD_LEGEND("North"),
	GPSD_LEGEND("North East"),
	GPSD_LEGEND("East"),
	GPSD_LEGEND("South East"),
	GPSD_LEGEND("South"),
	GPSD_LEGEND("South West"),
	GPSD_LEGEND("West"),
	GPSD_LEGEND("North West"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
	GPSD_LEGEND("INVALID EMMA WIND DIRECTION"),
};

const struct gpsd_legend gpsd_directions[8] = {
	GPSD_LEGEND("Unknown"),
	GPSD_LEGEND("Upstream"),
	GPSD_LEGEND("Downstream"),
	GPSD_LEGEND("To left bank"),
	GPSD_LEGEND("To right bank"),
	GPSD_LEGEND("INVALID DIRECTION"),
	GPSD_LEGEND("INVALID DIRECTION"),
	GPSD_LEGEND("INVALID DIRECTION"),
};

static const struct gpsd_legend signal_lights[] = {
	GPSD_LEGEND("Unknown"),
	GPSD_LEGEND("No light"),
	GPSD_LEGEND("White"),
	GPSD_LEGEND("Yellow"),
	GPSD_LEGEND("Green"),
	GPSD_LEGEND("Red"),
	GPSD_LEGEND("White flashing"),
	GPSD_LEGEND("Yellow flashing."),
	GPSD_LEGEND("INVALID STATUS"),
};

static const struct {
	uint16_t eri, ais; /* codes of the ERI classification and of M.1371: either is on the air */
	struct gpsd_legend legend;
} inland_ships[] = {
	{8000, 99, GPSD_LEGEND("Vessel, type unknown")},
	{8010, 79, GPSD_LEGEND("Motor freighter")},
	{8020, 89, GPSD_LEGEND("Motor tanker")},
	{8021, 80, GPSD_LEGEND("Motor tanker, liquid cargo, type N")},
	{8022, 80, GPSD_LEGEND("Motor tanker, liquid cargo, type C")},
	{8023, 89, GPSD_LEGEND("Motor tanker, dry cargo as if liquid (e.g. cement)")},
	{8030, 79, GPSD_LEGEND("Container vessel")},
	{8040, 80, GPSD_LEGEND("Gas tanker")},
	{8050, 79, GPSD_LEGEND("Motor freighter, tug")},
	{8060, 89, GPSD_LEGEND("Motor tanker, tug")},
	{8070, 79, GPSD_LEGEND("Motor freighter with one or more ships alongside")},
	{8080, 89, GPSD_LEGEND("Motor freighter with tanker")},
	{8090, 79, GPSD_LEGEND("Motor freighter pushing one or more freighters")},
	{8100, 89, GPSD_LEGEND("Motor freighter pushing at least one tank-ship")},
	{8110, 79, GPSD_LEGEND("Tug, freighter")},
	{8120, 89, GPSD_LEGEND("Tug, tanker")},
	{8130, 31, GPSD_LEGEND("Tug freighter, coupled")},
	{8140, 31, GPSD_LEGEND("Tug, freighter/tanker, coupled")},
	{8150, 99, GPSD_LEGEND("Freightbarge")},
	{8160, 99, GPSD_LEGEND("Tankbarge")},
	{8161, 90, GPSD_LEGEND("Tankbarge, liquid cargo, type N")},
	{8162, 90, GPSD_LEGEND("Tankbarge, liquid cargo, type C")},
	{8163, 99, GPSD_LEGEND("Tankbarge, dry cargo as if liquid (e.g. cement)")},
	{8170, 99, GPSD_LEGEND("Freightbarge with containers")},
	{8180, 90, GPSD_LEGEND("Tankbarge, gas")},
	{8210, 79, GPSD_LEGEND("Pushtow, one cargo barge")},
	{8220, 79, GPSD_LEGEND("Pushtow, two cargo barges")},
	{8230, 79, GPSD_LEGEND("Pushtow, three cargo barges")},
	{8240, 79, GPSD_LEGEND("Pushtow, four cargo barges")},
	{8250, 79, GPSD_LEGEND("Pushtow, five cargo barges")},
	{8260, 79, GPSD_LEGEND("Pushtow, six cargo barges")},
	{8270, 79, GPSD_LEGEND("Pushtow, seven cargo barges")},
	{8280, 79, GPSD_LEGEND("Pushtow, eight cargo barges")},
	{8290, 79, GPSD_LEGEND("Pushtow, nine or more barges")},
	{8310, 80, GPSD_LEGEND("Pushtow, one tank/gas barge")},
	{8320, 80, GPSD_LEGEND("Pushtow, two barges at least one tanker or gas barge")},
	{8330, 80, GPSD_LEGEND("Pushtow, three barges at least one tanker or gas barge")},
	{8340, 80, GPSD_LEGEND("Pushtow, four barges at least one tanker or gas barge")},
	{8350, 80, GPSD_LEGEND("Pushtow, five barges at least one tanker or gas barge")},
	{8360, 80, GPSD_LEGEND("Pushtow, six barges at least one tanker or gas barge")},
	{8370, 80, GPSD_LEGEND("Pushtow, seven barges at least one tanker or gas barg")},
};
/* clang-format on */

static const struct gpsd_legend illegal_ship = GPSD_LEGEND("Illegal ship type value.");

const struct gpsd_legend *gpsd_inland_ship(uint32_t ship_type)
{
	for (size_t i = 0; i < sizeof(inland_ships) / sizeof(inland_ships[0]); i++)
		if (inland_ships[i].eri == ship_type || inland_ships[i].ais == ship_type)
			return &inland_ships[i].legend;
	return &illegal_ship;
}

const struct gpsd_legend *gpsd_signal_lights(uint32_t status)
{
	const uint32_t last = sizeof(signal_lights) / sizeof(signal_lights[0]) - 1;

	return &signal_lights[status < last ? status : last];
}
