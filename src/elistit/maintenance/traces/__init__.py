"""Traces: what was launched, as spans for an OpenTelemetry collector, off unless `ELISTIT_OTLP_URL` names one.

The spans are read from the tables by a maintenance task, after the fact. So no job, page or process of a purchase knows of
tracing, a collector that is down delays nothing, and a killed worker's spans are sent by the one that resumed its work.
"""
