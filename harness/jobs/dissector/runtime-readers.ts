/**
 * Lua helpers that the generated readers call. A reader `r` is `{ range, at, size, little, width, ranges }`: the TvbRange of
 * a stub or message, how far it was read, its bytes, byte order, the width of an NDR length, and where text fields stand.
 */
export const READERS_LUA = String.raw`
local function reader(range, little, width)
  return { range = range, at = 0, size = range:len(), little = little, width = width, ranges = {} }
end

-- Checked here and nowhere else: Wireshark's own exceptions must not pass through pcall.
local function take(r, path, length)
  local left = r.size - r.at
  if length < 0 or length > left then
    error({ kms_path = path, at = r.at, wanted = length, left = left })
  end
  if length == 0 then return nil end
  local range = r.range(r.at, length)
  r.at = r.at + length
  return range
end

local function as_number(value)
  return type(value) == "number" and value or value:tonumber()
end

local function rest_of(r) return r.size - r.at end

local function padding_to(r, multiple) return (multiple - r.at % multiple) % multiple end

local function read_uint(r, tree, field, path, size)
  local range = take(r, path, size)
  local value = r.little and range:le_uint() or range:uint()
  return value, tree:add(field, range, value)
end

local function read_u64(r, tree, field, path)
  local range = take(r, path, 8)
  local value = r.little and range:le_uint64() or range:uint64()
  return value, tree:add(field, range, value)
end

local function read_ndr_uint(r, tree, field, path)
  if r.width == 8 then return read_u64(r, tree, field, path) end
  local range = take(r, path, 4)
  local value = UInt64.new(r.little and range:le_uint() or range:uint())
  return value, tree:add(field, range, value)
end

local TICKS_PER_SECOND = UInt64.new(10000000)
local SECONDS_1601_TO_1970 = 11644473600

local function read_filetime(r, tree, field, path, raw_field)
  local range = take(r, path, 8)
  local ticks = range:le_uint64()
  local seconds = (ticks / TICKS_PER_SECOND):tonumber() - SECONDS_1601_TO_1970
  local nanoseconds = (ticks % TICKS_PER_SECOND):tonumber() * 100
  local item = tree:add(field, range, NSTime.new(seconds, nanoseconds))
  tree:add(raw_field, range, ticks)
  return tostring(ticks), item
end

-- A GUID's value is its 16 stored octets in hex, which is what the tables of names go by.
local function read_guid(r, tree, field, path)
  local range = take(r, path, 16)
  local octets = range:bytes():tohex(true)
  local item = tree:add_le(field, range)
  if GUID_NAMES[octets] then item:append_text(" (" .. GUID_NAMES[octets] .. ")") end
  return octets, item
end

local function guid_text(octets)
  local d1, d2, d3, d4, w1, w2, x1, x2, rest1, rest2 =
    octets:match("^(..)(..)(..)(..)(..)(..)(..)(..)(....)(............)$")
  return d4 .. d3 .. d2 .. d1 .. "-" .. w2 .. w1 .. "-" .. x2 .. x1 .. "-" .. rest1 .. "-" .. rest2
end

local function read_bytes(r, tree, field, path, length)
  local range = take(r, path, length)
  if range == nil then return nil, nil end
  return range, tree:add(field, range)
end

local function read_text(r, tree, field, path, length)
  local range = take(r, path, length)
  r.ranges[path] = range
  if range == nil then return "", nil end
  local even = range:len() - range:len() % 2
  local text = even > 0 and range(0, even):le_ustring() or ""
  text = text:match("^[^%z]*")
  return text, tree:add(field, range, text)
end

local function read_list(r, tree, read_item, count)
  local values = {}
  for i = 1, count do values[i] = read_item(r, tree) end
  return values, nil
end

-- Whether UTF-16LE text ends in a NUL within its bytes.
local function has_nul(range)
  for at = 0, range:len() - 2, 2 do
    if range(at, 2):le_uint() == 0 then return true end
  end
  return false
end
`;
