--- @include "members"
-- Changes of the members, so that a pod need not read all members: "!members" -> "<stamp us> <number>
-- <due us> <fields> <members>", and the last changes, "!change:<number mod 256>" -> "<number> <stamp> <pod id>". A change is
-- a member that joins, leaves or changes. Its stamp only grows, so it identifies the change even after a failover lost some
-- and their numbers were used again. <due> is before all members' until, so no member expires earlier. <fields> and
-- <members> are the numbers that the last script left: other numbers show that another program wrote to the hash.

local STATE, CHANGE, CHANGES = '!members', '!change:', 256
-- More fields than a fleet can have. A hash with so many is not read.
local MOST_MEMBERS, MOST_FIELDS, LONGEST_MEMBER = 2000, 6000, 40000
-- More bytes of members than a fleet can have. Members beyond are removed unread.
local MOST_MEMBER_BYTES = 16777216

-- nil if there is none or it does not parse.
local function membership_of(pods)
  local text = field_text(pods, STATE)
  if not text or #text > 100 then
    return nil
  end
  local at, number, due, fields, members = string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  local found = {
    at = stamp_of(at),
    number = stamp_of(number),
    due = stamp_of(due),
    fields = stamp_of(fields),
    members = stamp_of(members),
    text = text,
  }
  if not (found.at and found.number and found.due and found.fields and found.members) then
    return nil
  end
  return found
end

local function change_text(state)
  return us(state.number) .. ' ' .. us(state.at)
end

local function change_field(number)
  return CHANGE .. us(number % CHANGES)
end

local function note_change(pods, state, pod)
  state.at = math.max(state.at + 1, now)
  state.number = state.number + 1
  redis.call('HSET', pods, change_field(state.number), change_text(state) .. ' ' .. pod)
end

-- Skips so many numbers that each pod reads all members again.
local function begin_anew(pods, state, pod)
  state.number = state.number + CHANGES
  note_change(pods, state, pod)
end

local function keep_membership(pods, state)
  local head = us(state.at) .. ' ' .. us(state.number) .. ' ' .. us(state.due)
  local text = head .. ' ' .. us(state.fields) .. ' ' .. us(state.members)
  if text ~= state.text then
    redis.call('HSET', pods, STATE, text)
  end
end
