#!/usr/bin/env python3
"""Konce flows on the real kernel, before a bottleneck that they share with TCP.

Three network namespaces: a sender, a router, a receiver. Sender and router are joined by a veth pair; router and
receiver by two TUN devices and this process, which holds every packet back for the delay of the path. The bottleneck is
the kernel's token bucket (tbf) where the router sends to the receiver. Konce and TCP run on the kernel's own sockets,
with its segmentation offload and its CUBIC.

Needs Linux, root, iproute2 and /dev/net/tun. For example:

    sudo bench/networks.py                          all of them, a minute each
    sudo bench/networks.py --seconds 20 fairness
    sudo bench/networks.py --json networks.json

`--konce` says what begins Konce's command; the default is ./konce of this repository.
"""

import argparse
import fcntl
import heapq
import json
import os
import select
import shlex
import socket
import struct
import subprocess
import sys
import threading
import time

RATE_MBIT = 20
ONE_WAY_SECONDS = 0.020
# one bandwidth-delay product
QUEUE_BYTES = int(RATE_MBIT * 1e6 / 8 * 2 * ONE_WAY_SECONDS)
BURST_BYTES = 3_028
SETTLE_SECONDS = 5
LEFT, ROUTER, RIGHT = "10.213.1.1", "10.213.1.254", "10.213.2.1"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
TCP_CONGESTION = 13
CHUNK = bytes(1 << 16)

# name: flows, the first of which is judged; least and most share of it (alone: of the link)
SCENARIOS = {
    "fairness": (["konce", "tcp"], 0.35, 0.65),
    "cubic": (["konce-cubic", "tcp"], 0.35, 0.65),
    "background-beside": (["background", "tcp"], 0.0, 0.10),
    "background-alone": (["background"], 0.90, 1.0),
    "tcp-beside-tcp": (["tcp", "tcp"], 0.35, 0.65),
    "konce-alone": (["konce"], 0.85, 1.0),
}


def run(*words):
    subprocess.run(words, check=True)


class Path(threading.Thread):
    """The namespaces, and the time between them."""

    def __init__(self, tag):
        super().__init__(daemon=True)
        self.left, self.router, self.right = [f"konce-{end}{tag}" for end in ("l", "m", "r")]
        self.bottleneck, self.far = f"ka{tag}", f"kb{tag}"
        self.near = [f"kc{tag}", f"kd{tag}"]
        self.files = []
        self.ended = False

    def tun(self, name, space):
        file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
        self.files.append(file)
        run("ip", "link", "set", name, "netns", space)
        run("ip", "-n", space, "link", "set", name, "mtu", "1500", "txqueuelen", "1000", "up")

    def open(self):
        for space in (self.left, self.router, self.right):
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "link", "add", self.near[0], "netns", self.left, "type", "veth",
            "peer", "name", self.near[1], "netns", self.router)
        for space, name, address in ((self.left, self.near[0], LEFT), (self.router, self.near[1], ROUTER)):
            run("ip", "-n", space, "addr", "add", address + "/24", "dev", name)
            run("ip", "-n", space, "link", "set", name, "up")
        self.tun(self.bottleneck, self.router)
        self.tun(self.far, self.right)
        run("ip", "-n", self.right, "addr", "add", RIGHT + "/32", "dev", self.far)
        run("ip", "-n", self.left, "route", "add", "default", "via", ROUTER)
        run("ip", "-n", self.right, "route", "add", "default", "dev", self.far)
        run("ip", "-n", self.router, "route", "add", RIGHT + "/32", "dev", self.bottleneck)
        run("ip", "netns", "exec", self.router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        run("tc", "-n", self.router, "qdisc", "add", "dev", self.bottleneck, "root", "tbf",
            "rate", f"{RATE_MBIT}mbit", "burst", str(BURST_BYTES), "limit", str(QUEUE_BYTES))
        self.start()

    def run(self):
        flying, order = [], 0
        while not self.ended:
            wait = max(0.0, flying[0][0] - time.monotonic()) if flying else 0.1
            readable, _, _ = select.select(self.files, [], [], wait)
            now = time.monotonic()
            for file in readable:
                other = self.files[1 - self.files.index(file)]
                try:
                    while True:
                        heapq.heappush(flying, (now + ONE_WAY_SECONDS, order, other, os.read(file, 65_535)))
                        order += 1
                except BlockingIOError:
                    pass
            while flying and flying[0][0] <= now:
                _, _, file, packet = heapq.heappop(flying)
                try:
                    os.write(file, packet)
                except OSError:
                    pass

    def dropped(self):
        words = ["tc", "-n", self.router, "-s", "-j", "qdisc", "show", "dev", self.bottleneck]
        text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        return sum(one.get("drops", 0) for one in json.loads(text))

    def close(self):
        self.ended = True
        if self.is_alive():
            self.join()
        for file in self.files:
            os.close(file)
        for space in (self.left, self.router, self.right):
            subprocess.run(["ip", "netns", "del", space], stderr=subprocess.DEVNULL)


class Process:
    """A child in a namespace that answers each line with one of JSON."""

    def __init__(self, space, words):
        self.child = subprocess.Popen(["ip", "netns", "exec", space, *words],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        self.child.stdin.write(question + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit("a flow has ended: " + " ".join(self.child.args))
        answer = json.loads(line)
        if "value" not in answer:
            raise SystemExit(f"a flow failed: {answer}")
        return answer["value"]

    def close(self):
        self.child.stdin.close()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Flow:
    """A receiver on the right, a sender on the left."""

    def __init__(self, kind, path, konce):
        left, right = path.left, path.right
        self.kind = kind
        if kind == "tcp":
            me = [sys.executable, os.path.abspath(__file__)]
            self.receiver = Process(right, [*me, "--tcp-receive"])
            address = self.receiver.ask("address")["address"]
            self.sender = Process(left, [*me, "--tcp-send", address])
        else:
            flow = [*konce, "bench", "flow"]
            options = {"konce": [], "konce-cubic": ["--congestion", "CUBIC"], "background": ["--background"]}[kind]
            self.receiver = Process(right, [*flow, "--listen", RIGHT, *[o for o in options if o != "--background"]])
            address = self.receiver.ask("address")["address"]
            self.sender = Process(left, [*flow, "--to", address, *options])

    def bytes(self):
        return self.receiver.ask("bytes")["bytes"]

    def close(self):
        self.sender.close()
        self.receiver.close()


def answer(**values):
    print(json.dumps({"value": values}), flush=True)


def tcp_receive():
    listener = socket.create_server((RIGHT, 0))
    count = [0]

    def take():
        connection, _ = listener.accept()
        data = connection.recv(1 << 20)
        while data:
            count[0] += len(data)
            data = connection.recv(1 << 20)

    threading.Thread(target=take, daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "address":
            answer(address=f"{RIGHT}:{listener.getsockname()[1]}")
        else:
            answer(bytes=count[0])


def tcp_send(address):
    host, port = address.rsplit(":", 1)
    connection = socket.socket()
    connection.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, b"cubic")
    connection.connect((host, int(port)))

    def feed():
        while True:
            connection.sendall(CHUNK)

    threading.Thread(target=feed, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


def measure(name, seconds, konce):
    kinds, least, most = SCENARIOS[name]
    path, flows = Path(f"{os.getpid() % 100_000}"), []
    try:
        path.open()
        for kind in kinds:
            flows.append(Flow(kind, path, konce))
        time.sleep(SETTLE_SECONDS)
        dropped, before, start = path.dropped(), [flow.bytes() for flow in flows], time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - start
        rates = [(flow.bytes() - was) * 8 / took / 1e6 for flow, was in zip(flows, before)]
        dropped = path.dropped() - dropped
    finally:
        for flow in flows:
            flow.close()
        path.close()
    share = rates[0] / (sum(rates) if len(rates) > 1 else RATE_MBIT)
    return {
        "scenario": name,
        "flows": [{"kind": kind, "mbitPerSecond": rate} for kind, rate in zip(kinds, rates)],
        "share": share, "least": least, "most": most, "met": least <= share <= most,
        "used": sum(rates) / RATE_MBIT, "dropped": dropped, "seconds": took,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", help=", ".join(SCENARIOS) + " (default: all)")
    parser.add_argument("--seconds", type=float, default=60, help="how long each is measured")
    parser.add_argument("--rounds", type=int, default=1, help="how often")
    parser.add_argument("--json", metavar="FILE", help="write every figure there")
    parser.add_argument("--konce", help="what begins Konce's command")
    parser.add_argument("--tcp-receive", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--tcp-send", metavar="ADDRESS", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.tcp_receive:
        return tcp_receive()
    if args.tcp_send:
        return tcp_send(args.tcp_send)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    konce = shlex.split(args.konce) if args.konce else [os.path.join(root, "konce")]
    unknown = [name for name in args.scenarios if name not in SCENARIOS]
    if unknown:
        parser.error(f"no scenario {unknown[0]}; there are " + ", ".join(SCENARIOS))
    print(f"{RATE_MBIT} Mbit/s, {ONE_WAY_SECONDS * 1000:.0f} ms each way, a queue of {QUEUE_BYTES} bytes", flush=True)
    results = []
    for _ in range(args.rounds):
        for name in args.scenarios or SCENARIOS:
            result = measure(name, args.seconds, konce)
            results.append(result)
            flows = ", ".join(f"{one['kind']} {one['mbitPerSecond']:.2f}" for one in result["flows"])
            print(f"{name:18} {flows} Mbit/s; share {result['share']:.3f}"
                  f" ({result['least']:.2f} to {result['most']:.2f}) {'met' if result['met'] else 'MISSED'};"
                  f" link used {result['used']:.3f}, {result['dropped']} dropped", flush=True)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)
    return 0 if all(one["met"] for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
