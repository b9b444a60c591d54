-- The turns of one place in Slack, on Redis' own clock: a burst, then one at a time. A turn is taken ahead of
-- its time, so that whoever asks waits once and does not ask again.
--
-- KEYS[1]  string · when all turns taken are over, in us
-- ARGV     us per turn, burst, then
--   'turn', us   returns us to wait for the next turn, which is taken if that is no more than those
--   'hold', us   Slack said when: nobody before then, and no burst after it; returns that
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local busy = tonumber(redis.call('GET', KEYS[1]) or now)
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait
if ARGV[3] == 'hold' then
  wait = tonumber(ARGV[4])
  busy = math.max(busy, now + wait + every * (burst - 1))
else
  busy = math.max(busy, now) + every
  wait = math.max(0, busy - every * burst - now)
  if wait > 600000000 then -- a clock that went back
    busy, wait = now + every, 0
  end
  if wait > tonumber(ARGV[4]) then
    return string.format('%.0f', wait)
  end
end
redis.call('SET', KEYS[1], string.format('%.0f', busy), 'PX', string.format('%.0f', (busy - now) / 1000 + 1000))
return string.format('%.0f', wait)
