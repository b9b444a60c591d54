-- The turns of one API key, on Redis' own clock, so that all processes agree. A bucket (GCRA) small enough
-- to be safe whether SocialCRM counts in fixed windows, sliding windows or buckets of its own.
--
-- KEYS[1]  hash, times in us: tat (when all turns taken are paid for), paused (nobody before it),
--          strikes (refusals in a row), cut (share of the pace given up after refusals) as of cut_at
-- ARGV     window in us, us per turn, burst, then
--   'take', reserve, wanted by people, wanted by background
--            returns {taken by people, by background, us until people's next turn, background's, us per turn}
--   'refused', pause in us
--            returns us until anybody's next turn
local key, window, base, burst = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local state = redis.call('HMGET', key, 'tat', 'paused', 'strikes', 'cut', 'cut_at')
local tat, paused = tonumber(state[1] or now), tonumber(state[2] or 0)
local strikes, cut, cut_at = tonumber(state[3] or 0), tonumber(state[4] or 0), tonumber(state[5] or now)

-- a clock that went back must not stop everybody for as long as it went
if tat > now + burst * base * 10 and tat > paused + burst * base * 10 then tat = now end
-- what was given up comes back by 13 % of the full pace in each window
cut = math.max(0, cut - 0.13 * math.max(0, now - cut_at) / window)

local function whole(number) return string.format('%.0f', number) end
local function keep(longer, ...)
  redis.call('HSET', key, ...)
  redis.call('PEXPIRE', key, whole((8 * window + longer) / 1000))
end

if ARGV[4] == 'refused' then
  local pause = tonumber(ARGV[5])
  if now >= paused then -- not one of several that were on their way together
    if now - paused > window then strikes = 0 end
    strikes = strikes + 1
    pause = math.max(pause, window / 60 * math.min(16, 2 ^ (strikes - 1)))
    cut = math.min(0.7, 1 - (1 - cut) * 0.7)
  end
  paused = math.max(paused, now + pause)
  tat = math.max(tat, paused + (burst - 1) * base / (1 - cut)) -- one probe first, no burst
  keep(paused - now, 'tat', whole(tat), 'paused', whole(paused), 'strikes', strikes,
    'cut', string.format('%.6f', cut), 'cut_at', whole(now))
  return whole(paused - now)
end

local pace = base / (1 - cut)
local reserve, people, background = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if now < paused then
  return {0, 0, whole(paused - now), whole(paused - now + reserve * pace), whole(pace)}
end
tat = math.max(tat, now)
local function take(wanted, depth)
  local free = math.floor((depth * pace - (tat - now)) / pace + 0.000001)
  local taken = math.max(0, math.min(wanted, free))
  tat = tat + taken * pace
  return taken
end
local by_people = take(people, burst)
local by_background = take(background, burst - reserve)
if by_people + by_background > 0 then keep(0, 'tat', whole(tat)) end
local function wait(depth) return whole(math.max(0, math.ceil(tat + pace - now - depth * pace))) end
return {by_people, by_background, wait(burst), wait(burst - reserve), whole(math.ceil(pace))}
