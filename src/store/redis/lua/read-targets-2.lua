-- read-targets-2.lua
-- The target list behind a fingerprint.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  pods     hash: "!targets:<print>" -> "[<target id> <target id> …]"
-- ARGV[1]  fingerprint
-- Returns  kind, epoch, seq, now, the list or ""
-- Cost     O(1)

--- @include "answer"

local list = ''
if is_hash(KEYS[2]) then
  list = redis.call('HGET', KEYS[2], '!targets:' .. ARGV[1]) or ''
end
return answer('ok', { list })
