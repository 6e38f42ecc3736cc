-- read-money-2.lua
-- Use of the budgets and the totals of days, as stored.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  budget   hash: see includes/money
-- ARGV[1…] target ids
-- Returns  kind, epoch, seq, now, then the texts of the fleet's use and of its 31 days, and for each target those of
--          its use and of its 2 days; "" for none
-- Cost     O(number of targets)

--- @include "money"

local fields = {}

local function add_owner(owner, kept)
  fields[#fields + 1] = owner
  for place = 0, kept - 1 do
    fields[#fields + 1] = owner .. ':' .. us(place)
  end
end

add_owner(FLEET_USE, FLEET_DAYS)
for _, target in ipairs(ARGV) do
  add_owner(target, TARGET_DAYS)
end

local body = {}
if is_hash(KEYS[2]) then
  local texts = read_fields(KEYS[2], fields)
  for _, field in ipairs(fields) do
    body[#body + 1] = texts[field] or ''
  end
end
return answer('ok', body)
