--- @include "fields"
-- Members: pod id -> "<until us> <json>". Target lists in the same hash: "!targets:<hash>" -> number of pieces, present
-- only if all pieces are, and "!targets:<hash>:<piece>/<pieces>" -> "[<target id> <target id> …]".

local TARGETS = '!targets:'

-- Until and json of a member; nil for garbage.
local function member_from(text)
  local till, json = string.match(text or '', '^(%d+) ({.*})$')
  return stamp_of(till), json
end

-- Found without parsing JSON, because every pod writes it.
local function print_in(json)
  return string.match(json, '"targetsHash":"([%w._-]+)"')
end

local function piece_field(print, piece, pieces)
  return TARGETS .. print .. ':' .. us(piece) .. '/' .. us(pieces)
end

-- Number of pieces of a target list; nil while the list is not known.
local function pieces_of(pods, print)
  return stamp(field_text(pods, TARGETS .. print))
end
