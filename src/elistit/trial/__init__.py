"""The buyer's trial: a delivery opened as a buyer would open it, by readers that share no code with what wrote it (rules §3).

Pure: it reads ZIP files and a promise in plain values and answers with a report in plain values. It must never import the
workshop, a project, Django or the network, and never change or unpack a file to disk.
"""
