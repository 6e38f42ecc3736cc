-- Due time of a target: the grid of src/health/grid.ts, to the microsecond.

local function phase_of(target)
  local x = '[0-9a-f]'
  local digits = string.match(target, '^' .. string.rep(x, 8))
  if not digits then
    return 0
  end
  return tonumber(digits, 16) / 4294967296
end

-- The first grid point at least half an interval after the evidence.
local function grid_due(evidence, target, every_ms)
  local every = every_ms * 1000
  local phase = math.floor(phase_of(target) * every)
  local earliest = evidence + every / 2
  return phase + math.ceil((earliest - phase) / every) * every
end
