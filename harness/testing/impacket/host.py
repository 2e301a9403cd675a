"""A KMS host on impacket's DCERPCServer: host.py. Prints its port. It listens on loopback and signs nothing: a stranger for tests.

Framing, bind, dispatch and faults are impacket's. An instance of its server serves one connection; only what ties instances to sockets and the
answer to the one operation are written here. It counts as the guides say, in one table for each application.
"""

import socket
import struct
import threading
import time

from impacket.dcerpc.v5.rpcrt import DCERPCServer

KMS = ("51c82175-844e-4750-b0d8-ec255555bc06", "1.0")
EPID = "55041-00168-305-246209-03-1033-7600.0000-2812009\0".encode("utf-16-le")
REQUEST_SIZE = 252
LIFETIME_S = 30 * 24 * 3600
INVALID_DATA = 0x8007000D
MOST_POLICY = 1000


class Table:
    def __init__(self):
        self.records = {}
        self.capacity = 0
        self.lock = threading.Lock()

    def grant(self, cmid, policy):
        with self.lock:
            now = time.time()
            self.records = {key: at for key, at in self.records.items() if now - at <= LIFETIME_S}
            self.capacity = max(self.capacity, 2 * max(policy, 1))
            self.records.pop(cmid, None)
            if len(self.records) >= self.capacity:
                del self.records[next(iter(self.records))]
            self.records[cmid] = now
            return len(self.records)


class Tables:
    def __init__(self):
        self.tables = {}
        self.lock = threading.Lock()

    def of(self, application):
        with self.lock:
            return self.tables.setdefault(application, Table())


def refusal(hresult):
    return struct.pack("<III", 0, 0, hresult)


def activate(tables, stub):
    if len(stub) < 8:
        return refusal(INVALID_DATA)
    size, count = struct.unpack_from("<II", stub)
    message = stub[8:8 + count]
    if size != count or len(message) != count or count != REQUEST_SIZE or message[:4] != b"\0\0\4\0":
        return refusal(INVALID_DATA)
    policy = struct.unpack_from("<I", message, 80)[0]
    if policy > MOST_POLICY:
        return refusal(INVALID_DATA)
    cmid, client_time = message[64:80], message[84:92]
    counted = tables.of(message[16:32]).grant(cmid, policy)
    body = message[:4] + struct.pack("<I", len(EPID)) + EPID + cmid + client_time
    body += struct.pack("<III", counted, 120, 10080) + bytes(16)
    return struct.pack("<III", len(body), 0x20000, len(body)) + body + bytes(-len(body) % 4) + bytes(4)


class Association(DCERPCServer):
    """One connection, read and answered by impacket."""

    def __init__(self, client, tables, port):
        super().__init__()
        self._sock.close()
        self._clientSock = client
        self.addCallbacks(KMS, str(port), {0: lambda stub: activate(tables, stub)})

    def run(self):
        with self._clientSock:
            try:
                for data in iter(self.recv, None):
                    answer = self.processRequest(data)
                    if answer is not None:
                        self.send(answer)
            except Exception:  # as DCERPCServer.run: what cannot be read ends the connection
                pass


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port = listener.getsockname()[1]
    print(port, flush=True)
    tables = Tables()
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        association = Association(client, tables, port)
        association.daemon = True
        association.start()


if __name__ == "__main__":
    main()
