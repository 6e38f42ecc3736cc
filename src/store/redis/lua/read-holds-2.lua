-- read-holds-2.lua
-- One page of holds, ended ones too.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  holds    hash: place -> "<version> <kind> <until us> <json>"
-- ARGV[1]  cursor, "0" to begin
-- ARGV[2]  size of a page, about
-- Returns  kind, epoch, seq, now, next cursor ("0": this was the last), then place, hold, place, hold, …
-- Cost     O(size of the page)

--- @include "answer"

local body = { '0' }
if is_hash(KEYS[2]) then
  local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
  body[1] = page[1]
  for _, text in ipairs(page[2]) do
    body[#body + 1] = text
  end
end
return answer('ok', body)
