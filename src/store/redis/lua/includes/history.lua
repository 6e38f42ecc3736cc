--- @include "answer"
-- Histories: target id -> lines, newest first. A line is a point, "<at> <json>", or a run, which is older points with one
-- result: "<at> <json> <second of the oldest> <seconds back>:<latency, ms> …", a pair for each point but the newest.

-- Runs of one target have at most this many bytes for each point of its share, and in all.
local RUN_BYTES_PER_POINT, MOST_RUN_BYTES = 400, 65536

-- Points that one target keeps: its share of the fleet's points, at least one.
local function history_share(key, limits)
  local share = math.floor(limits.fleet_points / math.max(1, redis.call('HLEN', key)))
  return { points = math.max(1, math.min(limits.points, share)), kept_us = limits.kept_us }
end

-- A line as a run, also of one point; nil for none.
local function run_from(text, oldest_at)
  local digits, json, oldest, pairs_text = string.match(text, '^(%d+) ({.*}) (%d+)( [ %d:]*)$')
  if not digits then
    digits, json = string.match(text, '^(%d+) ({.*})$')
  end
  local at = digits and time_of(digits)
  if not at or at <= oldest_at then
    return nil
  end
  local second = math.floor(at / 1000000)
  if oldest and (#oldest > 10 or tonumber(oldest) > second) then
    return nil
  end
  return {
    head = digits .. ' ' .. json,
    json = json,
    second = second,
    oldest = oldest and tonumber(oldest) or second,
    pairs = pairs_text or '',
  }
end

-- Adds an older run with the same result; false if it has another one, or is not older.
local function joined_run(run, older)
  local kind, class = string.match(older.json, '"kind":"(%a+)"'), string.match(older.json, '"class":"([%a-]+)"')
  local latency = string.match(older.json, '"latencyMs":(%d+)')
  local back = run.oldest - older.second
  if not kind or not latency or #latency > 8 or back < 0 or back > 999999999 then
    return false
  end
  if kind ~= string.match(run.json, '"kind":"(%a+)"') or class ~= string.match(run.json, '"class":"([%a-]+)"') then
    return false
  end
  run.pairs = run.pairs .. ' ' .. us(back) .. ':' .. latency .. older.pairs
  run.oldest = older.oldest
  return true
end

-- The text of a run without the pairs that are too old or have no room; nil if it has none, or does not parse.
local function run_text(run, oldest_at, room)
  local stop = #run.pairs
  while stop > 0 and (run.oldest * 1000000 <= oldest_at or #run.head + 11 + stop > room) do
    local back, latency = string.match(string.sub(run.pairs, math.max(1, stop - 19), stop), ' (%d+):(%d+)$')
    if not back or #back > 9 then
      return nil
    end
    run.oldest = run.oldest + tonumber(back)
    stop = stop - #back - #latency - 2
  end
  if stop > 0 then
    return run.head .. ' ' .. us(run.oldest) .. string.sub(run.pairs, 1, stop)
  end
  return #run.head <= room and run.head or nil
end

-- A history with a new first point, without what is beyond the limits. Points beyond their number become runs.
local function history_with(text, point, share)
  local oldest_at = now - share.kept_us
  local lines, runs = { point }, {}
  for line in string.gmatch(text or '', '[^\n]+') do
    local run = run_from(line, oldest_at)
    if run and #lines < share.points then
      lines[#lines + 1] = run_text(run, oldest_at, MOST_RUN_BYTES)
    elseif run and not (runs[1] and joined_run(runs[#runs], run)) then
      runs[#runs + 1] = run
    end
  end
  local room = math.min(share.points * RUN_BYTES_PER_POINT, MOST_RUN_BYTES)
  for _, run in ipairs(runs) do
    local shortened = run_text(run, oldest_at, room)
    if not shortened then
      break
    end
    lines[#lines + 1] = shortened
    room = room - #shortened - 1
  end
  return table.concat(lines, '\n')
end
