#!/usr/bin/env bash
# The gateway: weir as a service, and a broker of its own that keeps alerts while the hub is away. Run as root, on the
# machine.
MACHINE=gateway
# shellcheck source=vagrant/provision/common.sh
source "$(dirname "$0")/common.sh"

install_packages nats-server iproute2
install_weir
FEED_INTERFACE=$(interface_of "$GATEWAY_IP")
export FEED_INTERFACE

put nats-edge.conf /etc/nats-server.conf
put nats-server-lab.conf /etc/systemd/system/nats-server.service.d/lab.conf
serve nats-server

changed=$weir_changed
put weir.yaml /etc/weir/weir.yaml
put fences.geojson /etc/weir/fences.geojson
for waters in rotterdam denmark; do
	install -m 644 "/usr/local/share/weir/$waters.geojson" /etc/weir/
done
weir check -c /etc/weir/weir.yaml >/dev/null
serve weir
say "ready"
