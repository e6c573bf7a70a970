"""Subscribes with the Python package `moq-rs` (the Rust crate moq-net) and says what arrived.

Usage: subscribe.py URL NAMESPACE TRACK OBJECTS. Ends well when so many objects have arrived, and
prints a line of JSON: for each group its number and the sizes of its objects.
"""

import asyncio
import json
import sys

import moq

DEADLINE = 15.0


async def subscribe(url: str, namespace: str, track_name: str, wanted: int) -> list[dict]:
    client = moq.Client(
        url,
        tls_verify=False,
        websocket_enabled=url.startswith("wss:"),
        reconnect=False,
        subscribe=moq.OriginProducer(),
    )
    groups: list[dict] = []
    arrived = 0
    async with asyncio.timeout(DEADLINE), client:
        broadcast = await client.announced_broadcast(namespace).available()
        # By default it gives a group up as soon as a newer one begins.
        wish = moq.Subscription(max_age_us=round(DEADLINE * 1_000_000))
        track = await broadcast.subscribe_track(track_name, wish)
        async for group in track:
            sizes: list[int] = []
            groups.append({"group": group.sequence, "sizes": sizes})
            try:
                async for frame in group:
                    sizes.append(len(frame.payload))
                    arrived += 1
                    if arrived == wanted:
                        return groups
            except moq.Error:
                # The group that was under way at the start lacks its beginning if nothing fetched it.
                if len(groups) > 1:
                    raise
    raise SystemExit("the track ended")


url, namespace, track_name, wanted = sys.argv[1:]
print(json.dumps(asyncio.run(subscribe(url, namespace, track_name, int(wanted)))))
