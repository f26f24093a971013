import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Scanner;

/** Makes the calls that it reads, one a line, by the default HttpClient, and prints the answers. */
class Calls {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Scanner lines = new Scanner(System.in);
        while (lines.hasNextLine()) {
            String[] fields = lines.nextLine().split("\t");
            byte[] body = Base64.getDecoder().decode(fields[2]);
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(fields[1]));
            request.method(fields[0], BodyPublishers.ofByteArray(body));
            for (int at = 3; at < fields.length; at += 2) {
                request.header(fields[at], fields[at + 1]);
            }
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            String text = Base64.getEncoder().encodeToString(answer.body());
            System.out.println(answer.statusCode() + "\t" + text);
        }
    }
}
