-- read-records-1.lua
-- One page of records. What is there from the first page to the last is met; the rest may or may not be.
--
-- KEYS[1]  records  hash: target id -> "<version> <grant> <evidence at> <next due at> <json>"
-- ARGV[1]  cursor, "0" to begin
-- ARGV[2]  size of a page, about
-- Returns  kind, epoch, seq, now, next cursor ("0": this was the last), then target id, record, target id, record, …
-- Cost     O(size of the page)

--- @include "answer"

local body = { '0' }
if is_hash(KEYS[1]) then
  local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
  body[1] = page[1]
  for index = 1, #page[2], 2 do
    if string.sub(page[2][index], 1, 1) ~= '!' then
      body[#body + 1] = page[2][index]
      body[#body + 1] = page[2][index + 1]
    end
  end
end
return answer('ok', body)
