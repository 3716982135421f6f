#!/usr/bin/env bash
# The hub: a broker where alerts gather, a subscriber that writes them to /var/log/weir-alerts.log, and Prometheus,
# which asks the gateway for its metrics (LAB_PROMETHEUS=no: without). Run as root, on the machine.
MACHINE=hub
# shellcheck source=vagrant/provision/common.sh
source "$(dirname "$0")/common.sh"

install_packages nats-server curl
install_weir

put nats-hub.conf /etc/nats-server.conf
put nats-server-lab.conf /etc/systemd/system/nats-server.service.d/lab.conf
serve nats-server

changed=$weir_changed
put alert-log.service /etc/systemd/system/alert-log.service
serve alert-log

if [ "${LAB_PROMETHEUS:-yes}" = yes ]; then
	install_packages prometheus
	changed=0
	put prometheus.yml /etc/prometheus/prometheus.yml
	serve prometheus
fi
say "ready"
