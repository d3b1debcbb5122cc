"""The buyer's trial: a delivery opened as a buyer would open it, by readers that share no code with what wrote it (rules §3).

Pure: it takes ZIP files and a promise in plain values and returns a report in plain values. It must never import
artwork code, a project, Django or the network, and never change a file or unpack one to disk.
"""
