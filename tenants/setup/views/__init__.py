"""Read → operate → render. One file a page of set-up."""
