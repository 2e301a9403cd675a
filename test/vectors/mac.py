"""The MAC of version 4: a CBC-MAC over Rijndael with a key of 160 bits (FIPS 197 with Nk = 5)."""

LAB_KEY = b"kmsspec-lab-key-2008"
BLOCK = 16


def times_x(byte):
    """FIPS 197, 4.2.1: multiplication by x, modulo x^8 + x^4 + x^3 + x + 1."""
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def product(a, b):
    result = 0
    while b:
        if b & 1:
            result ^= a
        a, b = times_x(a), b >> 1
    return result


def rotated(byte, bits):
    return (byte << bits | byte >> (8 - bits)) & 0xFF


def substitution(byte):
    """FIPS 197, 5.1.1: the inverse (0 for 0), then the affine transformation."""
    inverse = next((other for other in range(256) if product(byte, other) == 1), 0)
    result = 0x63
    for bits in range(5):
        result ^= rotated(inverse, bits)
    return result


S_BOX = bytes(substitution(byte) for byte in range(256))
TWICE = bytes(product(byte, 2) for byte in range(256))


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def round_keys(key):
    """FIPS 197, 5.2: a list of one round key more than there are rounds."""
    key_words = len(key) // 4
    words = [key[i : i + 4] for i in range(0, len(key), 4)]
    rcon = 1
    for i in range(key_words, 4 * (key_words + 7)):
        word = words[-1]
        if i % key_words == 0:
            word = xor((word[1:] + word[:1]).translate(S_BOX), bytes((rcon, 0, 0, 0)))
            rcon = times_x(rcon)
        words.append(xor(words[i - key_words], word))
    return [b"".join(words[i : i + 4]) for i in range(0, len(words), 4)]


def shift_rows(state):
    return bytes(state[(i + 4 * (i % 4)) % BLOCK] for i in range(BLOCK))


def mix_column(column):
    whole = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(column[i] ^ whole ^ TWICE[column[i] ^ column[(i + 1) % 4]] for i in range(4))


def mix_columns(state):
    return b"".join(mix_column(state[i : i + 4]) for i in range(0, BLOCK, 4))


def encrypt(block, keys):
    state = xor(block, keys[0])
    for key in keys[1:-1]:
        state = xor(mix_columns(shift_rows(state.translate(S_BOX))), key)
    return xor(shift_rows(state.translate(S_BOX)), keys[-1])


def cbc_mac(message, keys):
    padded = message + b"\x80"
    padded += bytes(-len(padded) % BLOCK)
    result = bytes(BLOCK)
    for i in range(0, len(padded), BLOCK):
        result = encrypt(xor(padded[i : i + BLOCK], result), keys)
    return result


LAB_ROUND_KEYS = round_keys(LAB_KEY)


def lab_mac(message):
    return cbc_mac(message, LAB_ROUND_KEYS)
