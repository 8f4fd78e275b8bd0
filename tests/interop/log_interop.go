// log_interop FOLDER: judges what make_log wrote with Go's own sumdb packages, which share no code
// with Sealift. Prints what it checked; any disagreement ends it with status 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

func hashOf(line string) (h tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(line)
	must(err)
	if copy(h[:], raw) != len(h) || len(raw) != len(h) {
		log.Fatal("not a hash")
	}
	return h
}

func openCheckpoint(data []byte, verifiers note.Verifiers) tlog.Tree {
	opened, err := note.Open(data, verifiers)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return tlog.Tree{N: size, Hash: hashOf(lines[2])}
}

// The files as Go's tile reader wants them: its paths carry the tile height, ours do not.
type folder string

func (f folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func entryAt(index int64) []byte {
	event := make([]byte, 8)
	binary.BigEndian.PutUint64(event, uint64(index))
	message := append([]byte("sealift log event v1\n"), make([]byte, 32)...)
	digest := sha256.Sum256(append(message, event...))
	return append([]byte{1}, digest[:]...)
}

func bundle(root string, number, width int64) [][]byte {
	path := fmt.Sprintf("%s/tile/entries/%03d", root, number)
	if width != 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	data := read(path)
	var entries [][]byte
	for len(data) > 0 {
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) != width {
		log.Fatal("a bundle of another width")
	}
	return entries
}

func main() {
	log.SetFlags(0)
	base := os.Args[1]
	root := filepath.Join(base, "log")
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(root + "/vkey"))))
	must(err)
	verifiers := note.VerifierList(verifier)
	tree := openCheckpoint(read(root+"/checkpoint"), verifiers)
	older := openCheckpoint(read(base+"/older"), verifiers)
	fmt.Println("checkpoints verified:", older.N, tree.N)

	reader := tlog.TileHashReader(tree, folder(root))
	var indexes []int64
	for i := int64(0); i < tree.N; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	hashes, err := reader.ReadHashes(indexes) // authenticated against the root
	must(err)
	for i := int64(0); i < tree.N; i += 256 {
		width := tree.N - i
		if width > 256 {
			width = 256
		}
		for k, entry := range bundle(root, i/256, width) {
			index := i + int64(k)
			if !bytes.Equal(entry, entryAt(index)) || tlog.RecordHash(entry) != hashes[index] {
				log.Fatal("entry does not fit its tile: ", index)
			}
		}
	}
	fmt.Println("entries verified against tiles:", tree.N)

	var path tlog.TreeProof
	for _, line := range strings.Fields(string(read(base + "/consistency"))) {
		path = append(path, hashOf(line))
	}
	must(tlog.CheckTree(path, tree.N, tree.Hash, older.N, older.Hash))
	path[0][3] ^= 1
	if tlog.CheckTree(path, tree.N, tree.Hash, older.N, older.Hash) == nil {
		log.Fatal("a damaged consistency path was taken")
	}
	fmt.Println("consistency path verified:", len(path), "hashes")

	receipts, err := filepath.Glob(base + "/*.tlog-proof")
	must(err)
	for _, name := range receipts {
		head, checkpoint, _ := strings.Cut(string(read(name)), "\n\n")
		signed := openCheckpoint([]byte(checkpoint), verifiers)
		lines := strings.Split(head, "\n")
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			proof = append(proof, hashOf(line))
		}
		leaf := tlog.RecordHash(entryAt(index))
		must(tlog.CheckRecord(proof, signed.N, signed.Hash, index, leaf))
		if tlog.CheckRecord(proof, signed.N, signed.Hash, index, tlog.RecordHash(nil)) == nil {
			log.Fatal("another entry's receipt was taken")
		}
	}
	if len(receipts) == 0 {
		log.Fatal("no receipt found")
	}
	fmt.Println("receipts verified:", len(receipts))
}
