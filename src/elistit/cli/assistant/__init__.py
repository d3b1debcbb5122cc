"""The MCP server, `elistit mcp`: what an AI assistant may do with a studio, over the studio's own JSON API.

It must never open the database: everything goes through the API with the seller's key, so that an assistant can do nothing
a program couldn't. Nothing is spent without the price in words, and never more than the cap (`purse`).
"""
