"""XMP is taken apart safely, and its owner's words stay as they are."""

import pytest

from colorlib.photos import MadeBy
from colorlib.photos.provenance import find_mark, mark, remove_mark
from colorlib.photos.xmp import Packet

MADE_BY = MadeBy("compact", "ab" * 32, "colorlib 1.2.3")
OWNERS = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="a scanner">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:7" xmlns:q="http://purl.org/dc/elements/1.1/"
    xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"
    xmlns:own="http://example.org/museum/" own:shelf="12 &amp; 13"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="SilverFast"
    q:source="an album">
   <q:title><rdf:Alt><rdf:li xml:lang="x-default">Harbor</rdf:li>
    <rdf:li xml:lang="ko">항구</rdf:li></rdf:Alt></q:title>
   <q:creator><rdf:Seq><rdf:li>Kim</rdf:li></rdf:Seq></q:creator>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta><?xpacket end="w"?>""".encode()
DC = "http://purl.org/dc/elements/1.1/"
TIFF = "http://ns.adobe.com/tiff/1.0/"


def test_a_mark_is_added_to_the_owners_packet_and_taken_out_again():
    """Languages, unknown name spaces and their prefixes stay."""
    packet = Packet(OWNERS)
    before = packet.tobytes()
    mark(packet, MADE_BY)
    both = packet.tobytes()
    for word in ("항구", 'own:shelf="12 &amp; 13"', "SilverFast", "<q:title>"):
        assert word in both.decode()
    again = Packet(both)
    assert find_mark(again) == MADE_BY
    remove_mark(again, MADE_BY)
    assert find_mark(again) is None
    assert again.get(DC, "source") == "an album"
    rest = again.tobytes().decode()
    assert "compositeWithTrainedAlgorithmicMedia" not in rest
    assert len(rest) < len(before) + 200


def test_a_mark_puts_the_originals_source_type_aside():
    """That a negative was digitized stays true of the original."""
    space = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    packet = Packet()
    packet.set("Iptc4xmpExt", space, "DigitalSourceType", "negativeFilm")
    mark(packet, MADE_BY)
    packet = Packet(packet.tobytes())
    assert find_mark(packet) == MADE_BY
    assert "negativeFilm" in packet.tobytes().decode()
    remove_mark(packet, MADE_BY)
    assert packet.get(space, "DigitalSourceType") == "negativeFilm"


def test_a_packet_without_its_mark_is_empty():
    packet = Packet()
    assert packet.is_empty
    mark(packet, MADE_BY)
    assert not packet.is_empty
    remove_mark(packet, MADE_BY)
    assert packet.is_empty
    assert not Packet(OWNERS).is_empty


def test_what_tells_of_stored_bytes_is_removed():
    """A second program must not turn the picture again."""
    packet = Packet(OWNERS)
    assert packet.remove_storage()
    assert packet.get(TIFF, "Orientation") is None
    assert packet.get(DC, "source") == "an album"
    assert not packet.remove_storage()


def test_captions_are_added_once_and_never_replace_another():
    packet = Packet(OWNERS)
    packet.add("dc:title", "Harbor")  # is there
    packet.add("dc:title", "Port")  # one title only
    packet.add("dc:creator", "Lee")
    packet.add("dc:description", "from\0 the sea")
    packet.add("photoshop:City", "Busan")
    packet.add("photoshop:City", "Fusan")
    packet.add("dc:source", "a box")
    packet.add("Contact", "the <museum>")
    once = packet.tobytes().decode()
    assert once.count("Harbor") == 1
    assert "<rdf:li>Kim</rdf:li><rdf:li>Lee</rdf:li>" in once
    assert "<photoshop:City>Busan</photoshop:City>" in once
    description = (
        "title: Port\nfrom the sea\nCity: Fusan\nsource: a box\n"
        "Contact: the &lt;museum&gt;"
    )
    assert f">{description}</rdf:li>" in once
    packet = Packet(once.encode())
    before = packet.tobytes()
    for line in description.split("\n")[:2]:
        packet.add("dc:description", line)
    assert packet.tobytes() == before


def test_two_packets_become_one():
    """The first one's properties stay, the second one's are added."""
    first = Packet()
    first.add("dc:title", "Port")
    first.join(Packet(OWNERS))
    text = first.tobytes().decode()
    assert "Port" in text
    assert "Harbor" not in text
    assert Packet(text.encode()).get(DC, "source") == "an album"
    assert "Kim" in text


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>
</x:xmpmeta>"""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<no xml", "damaged"),
        (b"<x/>", "no rdf:RDF"),
        (BOMB, "declares a document type"),
        (BOMB.decode().encode("utf-16"), "declares a document type"),
        (b"<a>" * 1000, "too large"),
        (OWNERS.replace(b"<q:title>", b"<q:title>" + b"<a/>" * 2**18), "large"),
        (OWNERS + b" " * 2**24 + b"<", "too large"),
    ],
    ids=["damaged", "no XMP", "bomb", "UTF-16", "deep", "many", "long"],
)
def test_what_is_no_xmp_or_was_made_to_harm(data, says):
    with pytest.raises(ValueError, match=says):
        Packet(data)
