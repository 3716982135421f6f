#!/usr/bin/env bash
# The feeder: sends AIS and GPS to the gateway, by unicast and multicast. Run as root, on the machine.
MACHINE=feeder
# shellcheck source=vagrant/provision/common.sh
source "$(dirname "$0")/common.sh"

install_weir
FEED_INTERFACE=$(interface_of "$FEEDER_IP")
export FEED_INTERFACE
put multicast-route.service /etc/systemd/system/multicast-route.service
put depot.yaml /usr/local/share/weir-lab/depot.yaml
put far-away.nmea /usr/local/share/weir-lab/far-away.nmea
for feed in feed-ships feed-antenna feed-depot flood; do
	put $feed.service /etc/systemd/system/$feed.service
done
# The feeds are for watching, and run while somebody wants to: systemctl start feed-ships feed-antenna feed-depot
serve multicast-route
say "ready"
