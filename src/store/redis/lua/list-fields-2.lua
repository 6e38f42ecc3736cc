-- list-fields-2.lua
-- The names of all fields of a hash, unless there are too many to list at once. A scan brings their texts, too, of whatever
-- length; so texts are read by name.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  the hash
-- ARGV[1]  most fields to list
-- Returns  kind, epoch, seq, now, then "names" and the names, or "scan" where there are more
-- Cost     O(number of fields listed); 10,000 of them: about 3 ms of Redis 7.0

--- @include "answer"

if not is_hash(KEYS[2]) then
  return answer('ok', { 'names' })
end
if redis.call('HLEN', KEYS[2]) > tonumber(ARGV[1]) then
  return answer('ok', { 'scan' })
end
local body = redis.call('HKEYS', KEYS[2])
table.insert(body, 1, 'names')
return answer('ok', body)
