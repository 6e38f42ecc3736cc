-- read-members-2.lua
-- One page of members. Those there from the first page to the last are met; others may be or not.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"
-- ARGV[1]  cursor, "0" to begin
-- ARGV[2]  size of a page, about
-- Returns  kind, epoch, seq, now, next cursor ("0": this was the last), then pod id, json, pod id, json, …
-- Cost     O(size of the page)

--- @include "membership"

local body = { '0' }
if is_hash(KEYS[2]) then
  local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
  body[1] = page[1]
  for index = 1, #page[2], 2 do
    local _, said = member_from(page[2][index + 1])
    if said and #said <= LONGEST_MEMBER and string.sub(page[2][index], 1, 1) ~= '!' then
      body[#body + 1] = page[2][index]
      body[#body + 1] = said
    end
  end
end
return answer('ok', body)
