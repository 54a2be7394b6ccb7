"""Fetch: originals from their hosts, politely, resumably, each verified.

:mod:`~wunderkammer.fetch.fetcher` is the way in: a queue of what is
:mod:`wanted <wunderkammer.fetch.outcomes>` goes in, files and failures come out,
under a :mod:`~wunderkammer.fetch.policy`. Behind it, from the outside in:

- ``crew`` runs an event loop in a thread, and one ``lane`` for each host, which
  tries its media, again if it helps, and leaves the rest in time;
- ``download`` makes one try: conditions, redirects, resuming (``partial``);
- ``hosts`` lets a request pass only by its host's ``robots`` and ``host``, which
  knows its pace (``rate``) and until when it is closed (``retry``); ``client``
  connects only where ``address`` allows;
- ``storing`` has what arrived decoded whole (``verify``) and writes file, receipt
  (``ledger``) and outcome (``handover``) in an order that no kill disturbs.

``getting`` gets single documents by the same rules. ``policy``, ``outcomes``,
``errors`` and ``address`` are light; the others load aiohttp: import them where
they are used.
"""
