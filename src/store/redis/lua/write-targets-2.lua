-- write-targets-2.lua
-- Store one piece of a target list, by the rules of TargetsInput.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"; target lists
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  hash of the list
-- ARGV[4]  index of the piece, from 0
-- ARGV[5]  number of pieces
-- ARGV[6]  the piece, "[<target id> <target id> …]"
-- Returns  kind, epoch, seq, now, "known" or "unknown" (the whole list)
-- Cost     O(size of the piece + number of pieces)

--- @include "in-time"
--- @include "members"

local pods, print, pieces = KEYS[2], ARGV[3], tonumber(ARGV[5])

-- A list is kept only while a live member has its hash. Without one, no script would remove it.
local function wanted()
  local till, json = member_from(field_text(pods, ARGV[2]))
  return till and till > now and print_in(json) == print
end

local function complete()
  for piece = 0, pieces - 1 do
    if redis.call('HEXISTS', pods, piece_field(print, piece, pieces)) == 0 then
      return false
    end
  end
  return true
end

if not wanted() then
  return answer('ok', { 'unknown' })
end
if pieces_of(pods, print) then
  return answer('ok', { 'known' })
end
redis.call('HSET', pods, piece_field(print, tonumber(ARGV[4]), pieces), ARGV[6])
if not complete() then
  return answer('ok', { 'unknown' })
end
redis.call('HSET', pods, TARGETS .. print, us(pieces))
return answer('ok', { 'known' })
