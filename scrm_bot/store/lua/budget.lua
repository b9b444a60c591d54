-- The turns of one API key, on Redis' own clock, so that all processes agree. A bucket (GCRA) small enough
-- to be safe whether SocialCRM counts in fixed windows, sliding windows or buckets of its own.
--
-- KEYS[1]  hash, times in us: tat (when all turns taken are paid for), paused (nobody before it), refused (the
--          last refusal), strikes (refusals in a row), cut (share of the pace given up, as of `refused`),
--          promised (the last turn of people promised to a process that comes back), next (the first turn of
--          background work not promised so), u0..u12 ('slot:turns' given in a twelfth of a window),
--          w<process> ('people:background:until:before:due:count': who waits there, and the turns of people
--          that it comes back for; `before` is what was promised before them)
-- ARGV     window in us, us per turn, burst, then
--   'take', reserve, wanted by people, wanted by background, process, background that waits and does not ask,
--            batch (turns a process waits for, so that it asks less often)
--            returns {taken by people, by background, us until people should ask again, us until background
--            should, us per turn, us now, people who wait in other processes, in how many, background, in how
--            many}; the last four are 0 unless somebody here has to wait
--   'back', us   a turn that was given then and on which nothing was sent; returns 1 if its place is free again
--   'refused', pause in us
--            returns us until anybody's next turn
--   'state'  returns {turns given in the last window, people who wait, background that waits, us of pause left,
--            us since the last refusal or -1}
local key, window, base, burst = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local slot = math.floor(now * 12 / window)
local usage, line = 'u' .. slot % 13, 'w' .. (ARGV[8] or '')
local state = redis.call('HMGET', key, 'tat', 'paused', 'refused', 'strikes', 'cut', 'next', usage, line, 'promised')
local tat, paused = tonumber(state[1] or now), tonumber(state[2] or 0)
local refused, strikes, cut = tonumber(state[3] or 0), tonumber(state[4] or 0), tonumber(state[5] or 0)

-- a clock that went back must not stop everybody for as long as it went: the pause starts again, no more
local back = refused > now
if back then paused, refused = now + math.max(0, paused - refused), now end
-- what was given up comes back by 13 % of the full pace in each window
cut = math.max(0, cut - 0.13 * (now - refused) / window)
local pace = base / (1 - cut)
-- and the bucket is empty at the most, or holds the one probe after a pause
local emptiest = math.max(now, paused) + (back and burst - 1 or burst) * pace
local jumped = tat > emptiest

local function whole(number) return string.format('%.0f', number) end

local changes = {}
local function change(field, value)
  changes[#changes + 1] = field
  changes[#changes + 1] = value
end
local function keep(living)
  if #changes == 0 then return end
  redis.call('HSET', key, unpack(changes))
  if living then return end
  redis.call('PEXPIRE', key, whole(math.max(86400000, (8 * window + math.max(0, paused - now)) / 1000)))
end

if back then
  change('paused', whole(paused))
  change('refused', whole(refused))
end
if jumped then
  tat = emptiest
  change('tat', whole(tat))
end

local function split(text) return string.match(text or '', '^(%d+):(%d+)') end
local function waits(text) return string.match(text or '', '^(%d+):(%d+):(%d+):?(%d*):?(%d*):?(%d*)$') end

if ARGV[4] == 'state' then
  local used, people, background = 0, 0, 0
  local fields = redis.call('HGETALL', key)
  for at = 1, #fields, 2 do
    local kind = fields[at]:sub(1, 1)
    if kind == 'u' then
      local given, turns = split(fields[at + 1])
      local age = slot - tonumber(given)
      local share = age == 12 and 1 - (now * 12 / window - slot) or 1
      if age >= 0 and age <= 12 then used = used + tonumber(turns) * share end
    elseif kind == 'w' then
      local here, behind, till = waits(fields[at + 1])
      if tonumber(till) >= now then
        people, background = people + tonumber(here), background + tonumber(behind)
      else
        redis.call('HDEL', key, fields[at]) -- of a process that is gone
      end
    end
  end
  local since = refused > 0 and whole(now - refused) or '-1'
  return {math.floor(used + 0.5), people, background, whole(math.max(0, paused - now)), since}
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
  change('tat', whole(tat))
  change('paused', whole(paused))
  change('refused', whole(now))
  change('strikes', strikes)
  change('cut', string.format('%.6f', cut))
  keep()
  return whole(paused - now)
end

-- Without the turn the bucket would stand one lower: exactly so as long as it cannot have been empty since,
-- which is until the turn itself is paid for. A refusal or a clock that went back made a new bucket.
if ARGV[4] == 'back' then
  local given = tonumber(ARGV[5])
  if back or refused >= given or now < given or now >= given + pace or tat < given + pace then return 0 end
  change('tat', whole(tat - pace))
  local used_slot, used = split(state[7])
  if tonumber(used_slot) == slot and tonumber(used) > 0 then change(usage, slot .. ':' .. whole(used - 1)) end
  keep(true)
  return 1
end

local reserve, people, background = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local resting, batch = tonumber(ARGV[9]), tonumber(ARGV[10])
local by_people, by_background = 0, 0
tat = math.max(tat, now)
local function take(wanted, depth)
  local free = math.floor((depth * pace - (tat - now)) / pace + 0.000001)
  local taken = math.max(0, math.min(wanted, free))
  tat = tat + taken * pace
  return taken
end
local function ready() return math.max(paused, tat + pace - burst * pace) end -- when people's next turn is there
local function between(first, last) return first > last and 0 or math.floor((last - first) / pace + 1.000001) end

-- People who wait are promised their turns, a process after the other, so that none comes in vain and nobody
-- who came later goes before them. `mine` are this process' own, when it comes for them in time.
local _, behind, till, before, due, count = waits(state[8])
local comes_back = tonumber(behind or 0) > 0 and tonumber(till) >= now -- background work, for its own turns
before, due, count = tonumber(before) or 0, tonumber(due) or 0, tonumber(count) or 0
local promised, mine, early = math.min(tonumber(state[9] or 0), now + window), 0, false
if jumped then promised, count = 0, 0 end -- a clock that went back: nobody waits for as long as it went
if count > 0 and due == promised then
  promised = before -- nobody is behind it, so it is as if it had not been promised
elseif count > 0 then
  early = due > now
  mine = early and 0 or count
end
if now >= paused then
  local from = math.max(ready(), promised + pace)
  local open = between(from, now)
  -- nobody came for what has been there for a second: then it is anybody's
  local lapsed = between(ready(), now - 1000000)
  by_people = take(math.min(people, math.max(open, lapsed) + mine), burst)
  local unpromised = math.min(by_people - mine, open)
  if unpromised > 0 and promised + pace >= from then promised = from + (unpromised - 1) * pace end
  if promised + pace < now + 1 then by_background = take(background, burst - reserve) end
end
local taken, short, people_short = by_people + by_background, background - by_background, people - by_people
local known, so_far = split(state[7])
known = tonumber(known) == slot
if taken > 0 then
  change('tat', whole(tat))
  change(usage, slot .. ':' .. taken + (known and so_far or 0))
end

local people_wait = math.max(0, ready() - now)
if people_short > 0 then
  if not early then -- a batch only out of what background work leaves alone
    count = math.min(people_short, math.max(1, math.min(2, reserve)))
    before, due = promised, math.ceil(math.max(ready(), promised + pace) + (count - 1) * pace)
    promised = due
  end
  people_wait = due - now
else
  count = 0
end
if whole(promised) ~= (state[9] or '0') then change('promised', whole(promised)) end
local after = math.max(now, paused, promised + pace)
local background_wait = math.max(after, tat + pace - (burst - reserve) * pace) - now
local overtaken = comes_back and by_background == 0 and background_wait < pace -- by a person: the next is its own
if short > 0 and not overtaken then -- one process after the other, each when there is a batch for it
  local others = math.min(tonumber(state[6] or 0), now + window) - now - background_wait
  -- in whole turns, so that nobody comes a part of one too early ever after
  background_wait = background_wait + math.max(0, math.ceil(others / pace - 0.01)) * pace
  background_wait = background_wait + (math.min(batch, short) - 1) * pace
  change('next', whole(now + background_wait + pace))
end

local elsewhere = {0, 0, 0, 0}
local function count_in(at, waiting)
  if waiting == 0 then return end
  elsewhere[at], elsewhere[at + 1] = elsewhere[at] + waiting, elsewhere[at + 1] + 1
end
if people_short + short > 0 then
  local fields = redis.call('HGETALL', key)
  for at = 1, #fields, 2 do
    if fields[at]:sub(1, 1) == 'w' and fields[at] ~= line then
      local here, behind, till = waits(fields[at + 1])
      if tonumber(till) >= now then
        count_in(1, tonumber(here))
        count_in(3, tonumber(behind))
      end
    end
  end
end
if people + background + resting > taken then -- until this process asks again, and a little longer
  local longest = 1.25 * math.max(120000000, 12 * pace) -- for which anybody stays in a line
  local untold = now + math.min(longest, 2 * (math.max(people_wait, background_wait) + burst * pace) + 1000000)
  local promise = count > 0 and ':' .. whole(before) .. ':' .. whole(due) .. ':' .. count or ''
  change(line, people_short .. ':' .. (short + resting) .. ':' .. whole(untold) .. promise)
elseif state[8] then
  redis.call('HDEL', key, line)
end
keep(known)
return {
  by_people, by_background, math.ceil(people_wait), math.ceil(background_wait), math.ceil(pace), whole(now),
  unpack(elsewhere)
}
