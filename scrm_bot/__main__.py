"""python -m scrm_bot"""

import sys

from scrm_bot.cli import main

sys.exit(main())
