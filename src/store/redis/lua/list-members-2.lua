-- list-members-2.lua
-- The ids of all members. Their texts are read by name afterwards, because HSCAN returns texts of any length.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"
-- Returns  kind, epoch, seq, now, then pod ids; none if there are too many fields, which the next heartbeat removes
-- Cost     O(members)

--- @include "membership"

local body = {}
if is_hash(KEYS[2]) and redis.call('HLEN', KEYS[2]) <= MOST_FIELDS then
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    if string.sub(field, 1, 1) ~= '!' then
      body[#body + 1] = field
    end
  end
end
return answer('ok', body)
