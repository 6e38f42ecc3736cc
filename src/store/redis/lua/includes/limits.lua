--- @include "fields"
-- Limits of deployments: "<kind>:<deployment>" -> "<since>;<pod> <number> <share> <used> <demand> <until> <counted>;…", oldest
-- row first. <until> is the end of a lease, and until <counted> its share or use counts. The same rules in the same order as
-- src/store/memory/divide-limit.ts.

local LONGEST_LIMITS, MOST_LIMIT_FIELDS, MOST_LIMIT_ROWS = 300000, 10000, 1200
local LONGEST_LEASE_US, LONGEST_HOLD_US = 60000000, 180000000
local LIMITS_LIFE_MS = 600000

local function limit_row_from(text)
  local pod, number, share, used, demand, till, counted =
    string.match(text, '^([%w@._:-]+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)$')
  if not pod or #pod > 128 then
    return nil
  end
  local row = {
    pod = pod,
    number = stamp_of(number),
    share = stamp_of(share),
    used = stamp_of(used),
    demand = stamp_of(demand),
    till = stamp_of(till),
    counted = stamp_of(counted),
  }
  if not (row.number and row.share and row.used and row.demand and row.till and row.counted) then
    return nil
  end
  row.till = math.min(row.till, now + LONGEST_LEASE_US)
  row.counted = math.min(row.counted, now + LONGEST_LEASE_US + LONGEST_HOLD_US)
  return row
end

-- Rows that count, without garbage.
local function limit_pool_from(text)
  local head, rest = string.match(text or '', '^([^;]*)(.*)$')
  local since = string.match(head, '^%d+$') and time_of(head)
  if not since then
    return { since = now, rows = {} }
  end
  local rows = {}
  for part in string.gmatch(rest, ';([^;]*)') do
    local row = limit_row_from(part)
    if row and row.counted > now then
      rows[#rows + 1] = row
    end
  end
  return { since = #rows == 0 and now or math.min(since, now), rows = rows }
end

local function limit_pool_text(pool)
  local parts = { us(pool.since) }
  for _, row in ipairs(pool.rows) do
    parts[#parts + 1] = row.pod
      .. ' ' .. us(row.number) .. ' ' .. us(row.share) .. ' ' .. us(row.used)
      .. ' ' .. us(row.demand) .. ' ' .. us(row.till) .. ' ' .. us(row.counted)
  end
  return table.concat(parts, ';')
end

local function live_of(rows)
  local live = {}
  for _, row in ipairs(rows) do
    if row.till > now then
      live[#live + 1] = row
    end
  end
  return live
end

-- What a pool must count for a pod.
local function count_of(row)
  return math.max(row.share, row.used)
end

-- By the largest remainders; among equal ones the older row is first. <ended>: what rows without a live lease count.
local function fair_share(live, mine, limit, ended)
  local pods, used = #live, 0
  for _, row in ipairs(live) do
    used = used + row.used
  end
  local unused = math.max(0, limit - ended - used)
  local all = math.max(0, limit - ended - math.floor(unused / 10))
  local least = all >= 2 * pods and 1 or 0
  local base, rest, sum = limit / (4 * pods), all - least * pods, 0
  local weights = {}
  for index, row in ipairs(live) do
    weights[index] = math.min(row.demand, limit) + base
    sum = sum + weights[index]
  end
  if sum == 0 then
    return 0
  end
  local exact, left, at = {}, rest, 0
  for index, row in ipairs(live) do
    exact[index] = rest * weights[index] / sum
    left = left - math.floor(exact[index])
    if row == mine then
      at = index
    end
  end
  local own = exact[at]
  local fraction, rank = own - math.floor(own), 0
  for index, one in ipairs(exact) do
    local other = one - math.floor(one)
    if other > fraction or (other == fraction and index < at) then
      rank = rank + 1
    end
  end
  return least + math.floor(own) + (rank < left and 1 or 0)
end
