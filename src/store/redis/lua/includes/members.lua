--- @include "fields"
-- Members: pod id -> "<until us> <json>". Their target lists lie beside them: "!targets:<print>" -> number of pieces,
-- there only when all of them are, and "!targets:<print>:<piece>/<pieces>" -> "[<target id> <target id> …]".

local TARGETS = '!targets:'

-- Until and json of a member; nil until is garbage.
local function member_from(text)
  local till, json = string.match(text or '', '^(%d+) ({.*})$')
  return stamp_of(till), json
end

-- Found without parsing: it is in what every pod writes of itself.
local function print_in(json)
  return string.match(json, '"targetsHash":"([%w._-]+)"')
end

local function piece_field(print, piece, pieces)
  return TARGETS .. print .. ':' .. us(piece) .. '/' .. us(pieces)
end

-- Of how many pieces the list behind a print is; nil while it is not known.
local function pieces_of(pods, print)
  return stamp(field_text(pods, TARGETS .. print))
end
