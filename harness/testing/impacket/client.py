"""impacket as a client of a KMS host on loopback: client.py PORT. Prints one JSON object: what came of each step."""

import json
import struct
import sys

from impacket.dcerpc.v5 import transport
from impacket.dcerpc.v5.rpcrt import DCERPCException
from impacket.uuid import uuidtup_to_bin

KMS = uuidtup_to_bin(("51c82175-844e-4750-b0d8-ec255555bc06", "1.0"))
OTHER = uuidtup_to_bin(("6b6d7373-7065-4063-9000-696e74657266", "1.0"))
NDR64 = ("71710533-beba-4937-8319-b5dbef9ccc36", "1.0")


def message(machine):
    """A version 4.0 request of a Windows 7 client (252 bytes, without a MAC)."""
    ids = [
        "55c92734-d682-4d71-983e-d6ec3f16059f",
        "ae2ee509-1b34-41c0-acb7-6d4650168915",
        "7fde5219-fbfa-484a-82c9-34d1ad53e856",
        "5a1e0f30-77c4-4b1e-9a63-%012x" % machine,
    ]
    guids = b"".join(uuidtup_to_bin((text, "0.0"))[:16] for text in ids)
    name = ("pc%d.example.test" % machine).encode("utf-16-le").ljust(128, b"\0")
    head = struct.pack("<HHIII", 0, 4, 0, 2, 43200)
    return head + guids + struct.pack("<IQ", 25, 0x01D60000_00000000) + bytes(16) + name + bytes(16)


def stub(machine, width="<I"):
    body = message(machine)
    size = struct.pack(width, len(body))
    return size + size + body


def count_in(answer, lengths=12):
    """The Count behind the ePID of a response stub."""
    pid_size = struct.unpack_from("<I", answer, lengths + 4)[0]
    return struct.unpack_from("<I", answer, lengths + 8 + pid_size + 24)[0]


def connect(port):
    dce = transport.DCERPCTransportFactory("ncacn_ip_tcp:127.0.0.1[%d]" % port).get_dce_rpc()
    dce.connect()
    return dce


def ask(dce, machine, opnum=0):
    dce.call(opnum, stub(machine))
    return count_in(dce.recv())


def attempt(step):
    try:
        return step()
    except DCERPCException as error:
        return str(error)


def bound(port, interface=KMS, **options):
    dce = connect(port)
    dce.bind(interface, **options)
    return dce


def fragmented(port):
    dce = connect(port)
    dce.set_max_fragment_size(64)
    dce.bind(KMS)
    return ask(dce, 4)


def over_ndr64(port):
    dce = bound(port, transfer_syntax=NDR64)
    dce.call(0, stub(5, "<Q"))
    return count_in(dce.recv(), 24)


def steps(port):
    kept = bound(port)
    told = {"first": ask(kept, 1), "again": ask(kept, 1), "second": ask(kept, 2)}
    told["unknown operation"] = attempt(lambda: ask(kept, 3, opnum=99))
    told["after the fault"] = ask(kept, 2)
    altered = kept.alter_ctx(KMS)
    told["in an added context"] = ask(altered, 3)
    told["in the first context"] = ask(kept, 3)
    told["alter to another interface"] = attempt(lambda: kept.alter_ctx(OTHER) and "bound")
    told["unknown interface"] = attempt(lambda: bound(port, OTHER) and "bound")
    told["several contexts"] = ask(bound(port, bogus_binds=3), 3)
    told["in fragments"] = fragmented(port)
    told["over NDR64"] = over_ndr64(port)
    return told


if __name__ == "__main__":
    print(json.dumps(steps(int(sys.argv[1]))))
