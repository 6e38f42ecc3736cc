-- read-history-2.lua
-- The histories of targets, as stored.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  history  hash: see includes/history
-- ARGV[1…] target ids
-- Returns  kind, epoch, seq, now, then a text per target, "" for none
-- Cost     O(number of targets), about 13 kB each

--- @include "fields"

local body = {}
local texts = is_hash(KEYS[2]) and read_fields(KEYS[2], ARGV, LONGEST_HISTORY) or {}
for index, target in ipairs(ARGV) do
  body[index] = texts[target] or ''
end
return answer('ok', body)
