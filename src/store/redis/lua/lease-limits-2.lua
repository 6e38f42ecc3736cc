-- lease-limits-2.lua
-- Extend a pod's shares of the limits of deployments, or give them back. The rules are those of the port `LimitStore`.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  limits   hash: see includes/limits
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  number of the command, larger than in all earlier ones of the pod
-- ARGV[4]  lease time, ms; 0 to give the shares back
-- ARGV[5]  live pods that the pod knows
-- ARGV[6…] field, limit, what the pod keeps, used, demand, time for which use counts on (ms), field, …
-- Returns  kind, epoch, seq, now, then for each pool share, fair share, pods with a lease
-- Cost     O(pools * pods)

--- @include "in-time"
--- @include "limits"

local limits, pod, number = KEYS[2], ARGV[2], tonumber(ARGV[3])
local ttl = math.min(tonumber(ARGV[4]) * 1000, LONGEST_LEASE_US)
local known = tonumber(ARGV[5])
local FIRST, WIDTH = 6, 6

local function own_row(pool, mine)
  if not mine then
    mine = { pod = pod }
    pool.rows[#pool.rows + 1] = mine
  end
  mine.number = number
  return mine
end

local function give_back(pool, mine, ask)
  mine = own_row(pool, mine)
  mine.share, mine.used, mine.demand = 0, ask.used, 0
  mine.till, mine.counted = now, now + ask.hold
  local rows = {}
  for _, row in ipairs(pool.rows) do
    if row ~= mine or (ask.used > 0 and ask.hold > 0) then
      rows[#rows + 1] = row
    end
  end
  pool.rows = rows
  return 0, 0, #live_of(rows)
end

local function first_share(ask, kept, target)
  return ask.keeps > 0 and kept or math.min(target, math.max(1, math.floor(ask.limit / math.max(1, known))))
end

-- Writes the pod's row into the pool; returns share, fair share, pods.
local function divide(pool, ask)
  local mine, taken, counted = nil, 0, 0
  for _, row in ipairs(pool.rows) do
    if row.pod == pod then
      mine = row
    else
      taken = taken + count_of(row)
      counted = counted + 1
    end
  end
  if mine and mine.number >= number then
    local share = math.min(ask.keeps, mine.share)
    return share, share, #live_of(pool.rows)
  end
  if not mine and counted >= MOST_LIMIT_ROWS then
    return 0, 0, #live_of(pool.rows)
  end
  if ttl == 0 then
    return give_back(pool, mine, ask)
  end
  local room = math.max(0, ask.limit - taken)
  local settling = now < pool.since + ttl
  local kept = settling and math.min(ask.keeps, room) or 0
  if mine and mine.till > now then
    kept = math.min(ask.keeps, mine.share)
  end
  mine = own_row(pool, mine)
  mine.share, mine.used, mine.demand = 0, ask.used, ask.demand
  mine.till, mine.counted = now + ttl, now + ttl + ask.hold
  local live, ended = live_of(pool.rows), 0
  for _, row in ipairs(pool.rows) do
    if row.till <= now then
      ended = ended + count_of(row)
    end
  end
  local target = fair_share(live, mine, ask.limit, ended)
  local most = settling and first_share(ask, kept, target) or target
  mine.share = math.max(kept, math.min(most, room))
  return mine.share, target, #live
end

if redis.call('HLEN', limits) > MOST_LIMIT_FIELDS then
  redis.call('UNLINK', limits)
end
local fields = targets_from(FIRST, WIDTH)
local texts, changed, body = read_fields(limits, fields, LONGEST_LIMITS), {}, {}
for index = FIRST, #ARGV, WIDTH do
  local field = ARGV[index]
  local pool = limit_pool_from(texts[field])
  local share, target, pods = divide(pool, {
    limit = tonumber(ARGV[index + 1]),
    keeps = tonumber(ARGV[index + 2]),
    used = tonumber(ARGV[index + 3]),
    demand = tonumber(ARGV[index + 4]),
    hold = math.min(tonumber(ARGV[index + 5]) * 1000, LONGEST_HOLD_US),
  })
  texts[field] = limit_pool_text(pool)
  changed[#changed + 1] = field
  changed[#changed + 1] = texts[field]
  body[#body + 1] = us(share)
  body[#body + 1] = us(target)
  body[#body + 1] = us(pods)
end
write_fields(limits, changed)
redis.call('PEXPIRE', limits, us(LIMITS_LIFE_MS))
return answer('ok', body)
