-- The turns of one place in Slack, on Redis' own clock: a burst, then one at a time. A turn is taken ahead of
-- its time, so that whoever asks waits once and does not ask again.
--
-- KEYS[1]  string · 'busy:seen': when all turns taken and what Slack asked for are over, and when that was
--          written, in us
-- ARGV     us per turn, burst, then
--   'turn', us   returns us to wait for the next turn, which is taken if that is no more than those
--   'hold', us   Slack said when: nobody before then, and no burst after it; returns that
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local busy, seen = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+):?(%d*)$')
busy, seen = tonumber(busy or now), tonumber(seen) or now

local function whole(number) return string.format('%.0f', number) end
local function keep()
  redis.call('SET', KEYS[1], whole(busy) .. ':' .. whole(now), 'PX', whole(math.max(0, busy - now) / 1000 + 1000))
end

-- A clock that went back: what was still to wait then is still to wait now, and no more. How much that is
-- tells nothing: Slack may ask for an hour.
local back = math.max(0, seen - now)
busy = busy - back

if ARGV[3] == 'hold' then
  local wait = tonumber(ARGV[4])
  busy = math.max(busy, now + wait + every * (burst - 1))
  keep()
  return whole(wait)
end
local taken = math.max(busy, now) + every
local wait = math.max(0, taken - every * burst - now)
local fits = wait <= tonumber(ARGV[4])
if fits then busy = taken end
if fits or back > 0 then keep() end
return whole(wait)
