"""Stubs and the KMS messages in them."""

import layouts
from mac import lab_mac
from wire import Malformed, Order, Reader, write_structure

STUBS = {
    "request": ("stub.request", layouts.STUB_REQUEST),
    "response": ("stub.response", layouts.STUB_RESPONSE),
    "refusal": ("stub.refusal", layouts.STUB_REFUSAL),
}
MESSAGES = {
    "request": ("kms.request", layouts.KMS_REQUEST),
    "response": ("kms.response", layouts.KMS_RESPONSE),
}


def stub_kind(data, of, order):
    if of == "request":
        return "request"
    reader = Reader(data, order)
    try:
        head = reader.structure(layouts.STUB_REFUSAL[:2], "stub.refusal")
    except Malformed:
        return "refusal"
    return "refusal" if head["referentId"] == "0" else "response"


def decode_stub(data, of, order):
    kind = stub_kind(data, of, order)
    path, layout = STUBS[kind]
    return {"kind": kind, "value": Reader(data, order).structure(layout, path)}


def encode_stub(stub, order):
    return write_structure(STUBS[stub["kind"]][1], stub["value"], order)


def is_sealed(data):
    return len(data) >= 4 and int.from_bytes(data[2:4], "little") in (5, 6)


def decode_message(data, of):
    reader = Reader(data)
    if is_sealed(data):
        return {"kind": "sealed", "value": reader.structure(layouts.KMS_SEALED, "kms.sealed")}
    path, layout = MESSAGES[of]
    value = reader.structure(layout, path)
    if reader.offset < len(data):
        raise Malformed("trailing", path, reader.offset)
    return {"kind": "clear", "value": value}


def encode_message(content, of):
    layout = layouts.KMS_SEALED if content["kind"] == "sealed" else MESSAGES[of][1]
    return write_structure(layout, content["value"], Order())


def verdict_of_lab_mac(data):
    if is_sealed(data):
        return "none"
    return "matches" if data[-16:] == lab_mac(data[:-16]) else "differs"
