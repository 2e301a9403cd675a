"""Reads and writes structures field by field, as docs/vectors.md says that fields are written."""

from dataclasses import dataclass

REST = "rest"
INTEGERS = {"u8": 1, "u16": 2, "u32": 4}
LENGTHS = {"ndr32": 4, "ndr64": 8}


class Malformed(Exception):
    """Bytes that are no such structure: what is wrong, in which field, and where it begins."""

    def __init__(self, code, path, offset):
        super().__init__(f"{code} at {path}, offset {offset}")
        self.code, self.path, self.offset = code, path, offset

    def as_error(self):
        return {"code": self.code, "path": self.path, "offset": self.offset}


@dataclass(frozen=True)
class Field:
    """A field of a layout. `size` is a number, the name of the field that gives it, or REST."""

    name: str
    kind: str
    size: object = None
    parts: tuple = ()


@dataclass(frozen=True)
class Order:
    """What the size and order of bytes depend on."""

    big_endian: bool = False
    transfer_syntax: str = "ndr32"

    @property
    def name(self):
        return "big" if self.big_endian else "little"


def fixed_size(field, order):
    if field.kind in INTEGERS:
        return INTEGERS[field.kind]
    if field.kind == "length":
        return LENGTHS[order.transfer_syntax]
    return {"filetime": 8, "guid": 16}.get(field.kind)


class Reader:
    """A place in bytes; offsets count from their start."""

    def __init__(self, data, order=Order(), offset=0, end=None):
        self.data, self.order, self.offset = data, order, offset
        self.end = len(data) if end is None else end

    def take(self, size, path):
        if size > self.end - self.offset:
            raise Malformed("truncated", path, self.offset)
        taken = self.data[self.offset : self.offset + size]
        self.offset += size
        return taken

    def structure(self, layout, path):
        value = {}
        for field in layout:
            value[field.name] = self.field(field, value, f"{path}.{field.name}")
        return value

    def field(self, field, before, path):
        if field.kind == "structure":
            return self.structure(field.parts, path)
        if field.kind == "list":
            return [self.structure(field.parts, f"{path}[{i}]") for i in range(before[field.size])]
        return value_of(field, self.take(self.size_of(field, before), path), self.order)

    def size_of(self, field, before):
        if field.kind == "padding":
            return -self.offset % field.size
        if field.size == REST:
            return self.end - self.offset
        if isinstance(field.size, str):
            return int(before[field.size])
        return field.size or fixed_size(field, self.order)


def value_of(field, octets, order):
    if field.kind in INTEGERS:
        return int.from_bytes(octets, order.name)
    if field.kind in ("length", "filetime"):
        return str(int.from_bytes(octets, order.name))
    if field.kind == "guid":
        return guid_text(octets, order)
    if field.kind == "filled text":
        return filled_text(octets)
    if field.kind == "counted text":
        return counted_text(octets)
    return octets.hex()


def write_structure(layout, value, order=Order()):
    if list(value) != [field.name for field in layout]:
        raise ValueError(f"fields are {list(value)}")
    return b"".join(write_field(field, value[field.name], order) for field in layout)


def write_field(field, value, order):
    if field.kind == "structure":
        return write_structure(field.parts, value, order)
    if field.kind == "list":
        return b"".join(write_structure(field.parts, item, order) for item in value)
    if field.kind == "guid":
        return guid_octets(value, order)
    if field.kind in INTEGERS or field.kind in ("length", "filetime"):
        return int(value).to_bytes(fixed_size(field, order), order.name)
    if field.kind in ("filled text", "counted text"):
        return text_octets(value, field)
    return bytes.fromhex(value)


def in_wire_order(octets, order):
    """The same function both ways: the three integers of a GUID, turned round if need be."""
    if order.big_endian:
        return octets
    return octets[3::-1] + octets[5:3:-1] + octets[7:5:-1] + octets[8:]


def guid_text(octets, order):
    digits = in_wire_order(octets, order).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def guid_octets(text, order):
    return in_wire_order(bytes.fromhex(text.replace("-", "")), order)


def units_text(octets):
    return octets.decode("utf-16-le", "surrogatepass")


def filled_text(octets):
    if len(octets) < 2 or octets[-2:] != b"\0\0":
        return {"hex": octets.hex()}
    return units_text(octets).rstrip("\0")


def counted_text(octets):
    if len(octets) % 2 or octets[-2:] != b"\0\0":
        return {"hex": octets.hex()}
    return units_text(octets[:-2])


def text_octets(value, field):
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    octets = value.encode("utf-16-le", "surrogatepass")
    return octets.ljust(field.size, b"\0") if field.kind == "filled text" else octets + b"\0\0"
