#!/usr/bin/env bash
# The feeder: sends AIS and GPS to the gateway, by unicast and multicast. Run as root, on the machine.
MACHINE=feeder
# shellcheck source=vagrant/provision/common.sh
source "$(dirname "$0")/common.sh"

install_weir
FEED_INTERFACE=$(interface_of "$FEEDER_IP")
export FEED_INTERFACE
put multicast-route.service /etc/systemd/system/multicast-route.service
put feed-ships.service /etc/systemd/system/feed-ships.service
put feed-antenna.service /etc/systemd/system/feed-antenna.service
put far-away.nmea /usr/local/share/weir-lab/far-away.nmea
put flood.service /etc/systemd/system/flood.service
serve multicast-route
# The feeds and the flood are for watching, and started by whoever wants to: systemctl start feed-ships feed-antenna
systemctl daemon-reload
say "ready"
