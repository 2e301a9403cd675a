"""PDUs of the groups pdu, call and conversation."""

import layouts
from wire import Malformed, Order, Reader, write_structure

HEADER_SIZE = 16
FIRST, LAST, OBJECT_UUID = 0x01, 0x02, 0x80

KINDS = {
    0: "request",
    2: "response",
    3: "fault",
    11: "bind",
    12: "bindAck",
    13: "bindNak",
    14: "alterContext",
    15: "alterContextResp",
    17: "shutdown",
    18: "coCancel",
    19: "orphaned",
}

BODIES = {
    "request": ("rpc.request", layouts.RPC_REQUEST),
    "response": ("rpc.response", layouts.RPC_RESPONSE),
    "fault": ("rpc.fault", layouts.RPC_FAULT),
    "bind": ("rpc.bind", layouts.RPC_BIND),
    "alterContext": ("rpc.bind", layouts.RPC_BIND),
    "bindAck": ("rpc.bindAck", layouts.RPC_BIND_ACK),
    "alterContextResp": ("rpc.bindAck", layouts.RPC_BIND_ACK),
    "bindNak": ("rpc.bindNak", layouts.RPC_BIND_NAK),
}


def is_big_endian(drep):
    return drep[0] & 0xF0 == 0


def order_of(data):
    """What is cut before the end of drep has no field yet that an order would matter to."""
    return Order(len(data) >= 8 and is_big_endian(data[4:8]))


def body_layout(kind, header):
    path, layout = BODIES.get(kind, ("rpc.other", layouts.RPC_OTHER))
    if kind == "request" and header["pfcFlags"] & OBJECT_UUID:
        return path, layouts.RPC_REQUEST_OF_OBJECT
    return path, layout


def trailer_size(header):
    return 8 + header["authLength"] if header["authLength"] else 0


def decode_pdu(data):
    order = order_of(data)
    reader = Reader(data, order)
    header = reader.structure(layouts.RPC_HEADER, "rpc.header")
    if header["rpcVers"] != 5:
        raise Malformed("bad-value", "rpc.header.rpcVers", 0)
    if header["fragLength"] != len(data):
        raise Malformed("bad-value", "rpc.header.fragLength", 8)
    if trailer_size(header) > len(data) - HEADER_SIZE:
        raise Malformed("too-long", "rpc.header.authLength", 10)
    end = len(data) - trailer_size(header)
    kind = KINDS.get(header["ptype"], "unknown")
    path, layout = body_layout(kind, header)
    return {
        "bigEndian": order.big_endian,
        "kind": kind,
        "header": header,
        "body": Reader(data, order, HEADER_SIZE, end).structure(layout, path),
        "authTrailer": data[end:].hex(),
    }


def encode_pdu(pdu):
    order = Order(is_big_endian(bytes.fromhex(pdu["header"]["drep"])))
    _, layout = body_layout(pdu["kind"], pdu["header"])
    return (
        write_structure(layouts.RPC_HEADER, pdu["header"], order)
        + write_structure(layout, pdu["body"], order)
        + bytes.fromhex(pdu["authTrailer"])
    )
