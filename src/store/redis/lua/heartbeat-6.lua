-- heartbeat-6.lua
-- Extend a pod's membership, and return the changes of the members since its last heartbeat. Once a membership may have
-- expired, remove expired members and the target lists of no member. Extend the expiry of the fleet's keys.
--
-- KEYS[1]  records  hash
-- KEYS[2]  leases   hash
-- KEYS[3]  pods     hash: pod id -> "<until> <json>"; target lists; what changed among the members
-- KEYS[4]  holds    hash
-- KEYS[5]  budget   hash
-- KEYS[6]  history  hash
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  membership time, ms
-- ARGV[4]  the pod's MemberInfo, json
-- ARGV[5]  hash of its targets
-- ARGV[6]  longest membership that a pod asks for, ms
-- ARGV[7]  time after which keys without a heartbeat expire, ms
-- ARGV[8]  digest of the members that the pod knows, or "-"
-- Returns  kind, epoch, seq, now, "known" or "unknown" (the pod's target list), digest of the members, then "same", or
--          "all" (read them), or "changes", pod id, json, pod id, json, …, where an empty json means that the member is gone
-- Cost     O(changes); O(members) once in the time of a membership, and where something expired or is garbage

--- @include "in-time"
--- @include "membership"

local pods, pod, json = KEYS[3], ARGV[2], ARGV[4]
local till = now + tonumber(ARGV[3]) * 1000
local latest = math.max(till, now + tonumber(ARGV[6]) * 1000)

local found = redis.call('HLEN', pods)
if found > MOST_FIELDS then
  redis.call('UNLINK', pods)
  found = 0
end

-- Fields in the hash: members, target lists, and unknown ones.
local function sorted_out()
  local members, lists, others = {}, {}, {}
  for _, field in ipairs(redis.call('HKEYS', pods)) do
    if string.sub(field, 1, 1) ~= '!' then
      members[#members + 1] = field
    elseif string.sub(field, 1, #TARGETS) == TARGETS then
      lists[#lists + 1] = field
    elseif field ~= STATE and not string.find(field, '^' .. CHANGE .. '%d+$') then
      others[#others + 1] = field
    end
  end
  return members, lists, others
end

-- The members that may be read.
local function within(members)
  local few, bytes = {}, 0
  for _, field in ipairs(members) do
    bytes = bytes + redis.call('HSTRLEN', pods, field)
    if bytes <= MOST_MEMBER_BYTES or field == pod then
      few[#few + 1] = field
    end
  end
  return few
end

-- Reads all members: removes expired ones and garbage, cuts memberships that are too long, notes the earliest end.
local function read_all(state)
  local members, lists, gone_fields = sorted_out()
  local texts, changed, shown, gone, live = read_fields(pods, within(members)), {}, {}, {}, 0
  state.due = latest
  for _, field in ipairs(members) do
    local ends, said = member_from(texts[field])
    if not ends or ends <= now or #said > LONGEST_MEMBER or (live >= MOST_MEMBERS - 1 and field ~= pod) then
      gone[#gone + 1] = field
    else
      live = live + 1
      local print = print_in(said)
      if print then
        shown[print] = true
      end
      if ends > latest then
        ends = latest
        changed[#changed + 1] = field
        changed[#changed + 1] = us(latest) .. ' ' .. said
      end
      state.due = math.min(state.due, ends)
    end
  end
  if #members ~= state.members or #gone > CHANGES then
    begin_anew(pods, state, pod)
  else
    table.sort(gone)
    for _, field in ipairs(gone) do
      note_change(pods, state, field)
    end
  end
  state.members = live
  for _, field in ipairs(lists) do
    if not shown[string.match(field, '^[^:]*:([^:]*)')] then
      gone_fields[#gone_fields + 1] = field
    end
  end
  write_fields(pods, changed)
  remove_fields(pods, gone)
  remove_fields(pods, gone_fields)
end

local function beat()
  local state = membership_of(pods)
  local stranger = state == nil or state.fields ~= found
  if not state then
    state = { at = now, number = 0, due = 0, members = 0 }
    redis.call('HSET', pods, STATE, '')
  end
  local _, said = member_from(field_text(pods, pod))
  local came = redis.call('HSET', pods, pod, us(till) .. ' ' .. json)
  state.members = state.members + came
  if said ~= json then
    note_change(pods, state, pod)
    if came == 0 then
      state.due = 0
    end
  end
  state.due = math.min(state.due, till)
  if stranger or state.due <= now or state.due > latest then
    read_all(state)
  end
  state.fields = redis.call('HLEN', pods)
  keep_membership(pods, state)
  return state
end

-- Pods of the changes since the one that the caller knows, each once; nil if not all of them are kept.
local function changed_since(state, at, number)
  if at == state.at and number == state.number then
    return {}
  end
  if not (at and number and number < state.number and state.number - number < CHANGES) then
    return nil
  end
  local fields, names, known = {}, {}, {}
  for each = number, state.number do
    fields[#fields + 1] = change_field(each)
  end
  local texts = read_fields(pods, fields)
  for index, field in ipairs(fields) do
    local found, changed_at, name = string.match(texts[field] or '', '^(%d+) (%d+) (.+)$')
    if stamp_of(found) ~= number + index - 1 or (index == 1 and stamp_of(changed_at) ~= at) then
      return nil
    end
    if index > 1 and not known[name] then
      known[name] = true
      names[#names + 1] = name
    end
  end
  return names
end

local function append_news(body, state)
  local at, number = string.match(ARGV[8], '^(%d+)%-(%d+)$')
  local names = changed_since(state, stamp_of(at), stamp_of(number))
  if not names then
    body[#body + 1] = 'all'
    return
  end
  body[#body + 1] = #names == 0 and 'same' or 'changes'
  local texts = read_fields(pods, names)
  for _, name in ipairs(names) do
    local _, said = member_from(texts[name])
    body[#body + 1] = name
    body[#body + 1] = said and #said <= LONGEST_MEMBER and said or ''
  end
end

local state = beat()
local digest = us(state.at) .. '-' .. us(state.number)
local body = { pieces_of(pods, ARGV[5]) and 'known' or 'unknown', digest }
append_news(body, state)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ARGV[7])
end
return answer('ok', body)
