-- scan-fields-2.lua
-- One page of a hash that has too many fields to list. What is there from the first page to the last is met; the rest may
-- or may not be. A text that is too long is removed when it is met: it came whole, and the next scan would bring it again.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  the hash
-- ARGV[1]  cursor, "0" to begin
-- ARGV[2]  size of a page, about
-- Returns  kind, epoch, seq, now, next cursor ("0": this was the last), then field, text, field, text, …
-- Cost     O(size of the page)

--- @include "fields"

local body = { '0' }
if is_hash(KEYS[2]) then
  local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
  local flat = page[2]
  body[1] = page[1]
  for index = 1, #flat, 2 do
    local field, text = flat[index], flat[index + 1]
    if #text > LONGEST_TEXT then
      redis.call('HDEL', KEYS[2], field)
      text = too_long_text(#text)
    end
    body[#body + 1] = field
    body[#body + 1] = text
  end
end
return answer('ok', body)
