-- One turn for somebody who comes alone, if it is there and nobody waits for it: what nearly every turn is. It
-- does what `take` in budget.lua would, for half of the cost. Where that would do anything else, this does nothing.
--
-- KEYS[1]  the hash of budget.lua
-- ARGV     window in us, us per turn, burst, turns of the burst that this lane may take, 'w<process>'
-- returns  us now, which is the name of the turn, or 0 where the process has to stand in line
local window, pace, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local slot = math.floor(now * 12 / window)
local usage = 'u' .. slot % 13
local state = redis.call('HMGET', KEYS[1], 'tat', 'promised', usage, ARGV[5], 'refused', 'paused', 'cut')
if state[4] then return 0 end -- it was promised turns of its own

local paused = 0
if state[5] then
  local refused = tonumber(state[5])
  if refused > now then return 0 end -- the clock went back
  pace = pace / (1 - math.max(0, tonumber(state[7] or 0) - 0.13 * (now - refused) / window))
  paused = tonumber(state[6] or 0)
end
local paid = math.max(tonumber(state[1] or 0), now) + pace
local ready = paid - burst * pace
if paid - now > (ARGV[4] + 0.000001) * pace or paused > ready or tonumber(state[2] or 0) + pace >= ready then
  return 0
end

local given, turns = string.match(state[3] or '', '^(%d+):(%d+)')
if tonumber(given) == slot then
  redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', paid), usage, slot .. ':' .. turns + 1)
else
  redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', paid), usage, slot .. ':1')
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(86400000, 8 * window / 1000)))
end
return now
