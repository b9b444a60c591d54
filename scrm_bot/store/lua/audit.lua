-- The audit log, put in front of the scripts that write to it.

-- Append ARGV[first] and the following, `count` of them. About `most` are kept: whole blocks are dropped.
local function record(stream, most, first, count)
  for at = first, first + count - 1 do
    redis.call('XADD', stream, 'MAXLEN', '~', most, '*', 'entry', ARGV[at])
  end
end
