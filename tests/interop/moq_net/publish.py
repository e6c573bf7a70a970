"""Publishes a clock with the Python package `moq-rs` (the Rust crate moq-net) until it is ended.

Usage: publish.py URL NAMESPACE TRACK. The track has the form of moq-clock-ietf: a group begins with
the minute, every further object is a second of it; here a group has ten seconds of 50 ms.
"""

import asyncio
import sys

import moq

SECONDS_IN_A_GROUP = 10
SECOND = 0.05


async def publish(url: str, namespace: str, track_name: str) -> None:
    is_websocket = url.startswith("wss:")
    client = moq.Client(url, tls_verify=False, websocket_enabled=is_websocket, reconnect=False)
    async with client:
        broadcast = client.create_broadcast(namespace)
        track = broadcast.publish_track(track_name)
        broadcast.announce()
        print("published", flush=True)
        elapsed = 0
        while True:
            group = track.append_group()
            group.write_frame(b"2026-01-01 00:00:", elapsed)
            for second in range(SECONDS_IN_A_GROUP):
                await asyncio.sleep(SECOND)
                elapsed += round(SECOND * 1_000_000)
                group.write_frame(b"%02d" % second, elapsed)
            group.finish()


asyncio.run(publish(*sys.argv[1:]))
