-- read-fields-2.lua
-- The texts of some fields of a hash.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  the hash
-- ARGV[1…] names of fields
-- Returns  kind, epoch, seq, now, then field, text, field, text, … of the existing ones
-- Cost     O(number of fields), at most 64 kB each

--- @include "fields"

local body = {}
local texts = is_hash(KEYS[2]) and read_fields(KEYS[2], ARGV) or {}
for _, field in ipairs(ARGV) do
  if texts[field] then
    body[#body + 1] = field
    body[#body + 1] = texts[field]
  end
end
return answer('ok', body)
